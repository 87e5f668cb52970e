package dev.gradus.graph.op;

import dev.gradus.gemm.JavaGemm;
import dev.gradus.gemm.RowConvolution;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.Shape;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/** A {@link RowConvolution}: each image, group and band of rows on its own. */
final class RowConvStep implements Step, ParallelTask {
  private final WorkerTeam team;
  private final RowConvolution convolution;
  private final ConvGeometry geometry;
  private final Shape shape;
  private final long x;
  private final long weight;
  private final long bias; // 0 for none
  private final long y;
  private final long scratch;

  private RowConvStep(
      final Backend backend,
      final RowConvolution convolution,
      final ConvGeometry geometry,
      final Shape shape,
      final boolean biased,
      final Placement placement) {
    this.team = backend.team();
    this.convolution = convolution;
    this.geometry = geometry;
    this.shape = shape;
    this.x = placement.input(0);
    this.weight = placement.input(1);
    this.bias = biased ? placement.input(2) : 0;
    this.y = placement.output(0);
    this.scratch = placement.scratch();
  }

  static boolean suits(final ConvGeometry geometry, final Backend backend) {
    return backend.mode() == KernelMode.VECTOR
        && backend.gemm() instanceof JavaGemm
        && RowConvolution.suits(geometry.window(), geometry.groupChannels(), geometry.width());
  }

  /** Prepares it; see {@link DirectConvStep#prepare}. */
  static Prepared prepare(
      final ConvGeometry geometry,
      final Shape shape,
      final boolean bias,
      final Activation activation,
      final String words,
      final Backend backend) {
    final int threads = backend.team().threads();
    final RowConvolution convolution =
        new RowConvolution(
            geometry.window(),
            geometry.groupChannels(),
            geometry.height(),
            geometry.width(),
            geometry.groupFilters(),
            Math.ceilDiv(geometry.outputHeight(), geometry.bands()),
            activation,
            threads);
    return new Prepared(
        convolution.description() + words,
        threads * convolution.scratchBytes(),
        placement -> new RowConvStep(backend, convolution, geometry, shape, bias, placement));
  }

  @Override
  public void run(final int rows) {
    team.run(this, ConvGeometry.images(shape, rows) * geometry.groups() * geometry.bands());
  }

  @Override
  public void runChunk(final int chunk, final int worker) {
    final int bands = geometry.bands();
    final int band = chunk % bands;
    final int group = chunk / bands % geometry.groups();
    final int image = chunk / bands / geometry.groups();
    final int channel = group * geometry.groupChannels();
    final int filter = group * geometry.groupFilters();
    convolution.run(
        worker,
        geometry.bandStart(band),
        geometry.bandStart(band + 1),
        ConvStep.planeAt(x, image, geometry.channels(), channel, geometry.plane()),
        weight + (long) filter * geometry.patch() * Float.BYTES,
        bias == 0 ? 0 : bias + (long) filter * Float.BYTES,
        ConvStep.planeAt(y, image, geometry.filters(), filter, geometry.positions()),
        scratch + worker * convolution.scratchBytes());
  }
}
