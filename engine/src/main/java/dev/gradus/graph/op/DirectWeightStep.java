package dev.gradus.graph.op;

import dev.gradus.gemm.DirectWeightGradient;
import dev.gradus.gemm.JavaGemm;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * The gradient of a convolution's weights as a {@link DirectWeightGradient}: parts of the images,
 * groups and blocks of filters on their own, then the parts are added and turned into weights.
 */
final class DirectWeightStep implements Step, ParallelTask {
  /** Floats that one task adds up. */
  private static final int SUM_FLOATS = 8 * 1024;

  private final WorkerTeam team;
  private final DirectWeightGradient kernel;
  private final BinaryKernel add;
  private final ConvGeometry geometry;
  private final WeightCut cut;
  private final Shape shape;
  private final long x;
  private final long dY;
  private final long dWeight;
  private final long sums; // by part, then by group
  private final long scratch;
  private int images;
  private boolean adding;

  private DirectWeightStep(
      final Backend backend,
      final DirectWeightGradient kernel,
      final ConvGeometry geometry,
      final WeightCut cut,
      final Shape shape,
      final Placement placement) {
    this.team = backend.team();
    this.kernel = kernel;
    this.add = Add.of(backend.mode());
    this.geometry = geometry;
    this.cut = cut;
    this.shape = shape;
    this.x = placement.input(0);
    this.dY = placement.input(1);
    this.dWeight = placement.output(0);
    this.scratch = placement.scratch();
    this.sums = scratch + team.threads() * kernel.scratchBytes();
  }

  static boolean suits(final ConvGeometry geometry, final Backend backend) {
    return backend.mode() == KernelMode.VECTOR
        && backend.gemm() instanceof JavaGemm
        && DirectWeightGradient.suits(
            geometry.window(),
            geometry.groupChannels(),
            geometry.height(),
            geometry.width(),
            geometry.groupFilters());
  }

  static Prepared prepare(
      final ConvGeometry geometry, final Shape shape, final int capacity, final Backend backend) {
    final int threads = backend.team().threads();
    final DirectWeightGradient kernel =
        new DirectWeightGradient(
            geometry.window(),
            geometry.groupChannels(),
            geometry.height(),
            geometry.width(),
            geometry.groupFilters(),
            threads);
    final WeightCut cut = WeightCut.of(geometry, kernel.panels());
    final long parts = cut.parts(ConvGeometry.images(shape, capacity));
    return new Prepared(
        kernel.description(),
        threads * kernel.scratchBytes() + parts * geometry.groups() * sumBytes(kernel),
        placement -> new DirectWeightStep(backend, kernel, geometry, cut, shape, placement));
  }

  private static long sumBytes(final DirectWeightGradient kernel) {
    return Slab.aligned((long) kernel.sumRows() * kernel.sumPitch() * Float.BYTES);
  }

  @Override
  public void run(final int rows) {
    images = ConvGeometry.images(shape, rows);
    adding = false;
    team.run(this, cut.parts(images) * geometry.groups() * cut.blocks());
    adding = true;
    team.run(this, geometry.groups() * tasks());
  }

  private int taskRows() {
    return Math.max(1, SUM_FLOATS / kernel.sumPitch());
  }

  /** Of a group, in which its parts are added. */
  private int tasks() {
    return Math.ceilDiv(kernel.sumRows(), taskRows());
  }

  @Override
  public void runChunk(final int chunk, final int worker) {
    if (adding) {
      addParts(chunk / tasks(), chunk % tasks() * taskRows());
    } else {
      final int block = chunk % cut.blocks();
      final int group = chunk / cut.blocks() % geometry.groups();
      multiply(chunk / cut.blocks() / geometry.groups(), group, block, worker);
    }
  }

  private long sums(final int part, final int group) {
    return sums + ((long) part * geometry.groups() + group) * sumBytes(kernel);
  }

  private void multiply(final int part, final int group, final int block, final int worker) {
    final int parts = cut.parts(images);
    final int from = cut.start(kernel.panels(), block);
    final int to = cut.start(kernel.panels(), block + 1);
    final long target = sums(part, group);
    kernel.clear(from, to, target);
    final int end = (int) ((long) images * (part + 1) / parts);
    for (int image = (int) ((long) images * part / parts); image < end; image++) {
      final int channel = group * geometry.groupChannels();
      final int filter = group * geometry.groupFilters();
      final long in = ConvStep.planeAt(x, image, geometry.channels(), channel, geometry.plane());
      final long out =
          ConvStep.planeAt(dY, image, geometry.filters(), filter, geometry.positions());
      kernel.add(worker, from, to, in, out, target, scratch + worker * kernel.scratchBytes());
    }
  }

  private void addParts(final int group, final int fromRow) {
    final int toRow = Math.min(kernel.sumRows(), fromRow + taskRows());
    final long left = (long) fromRow * kernel.sumPitch() * Float.BYTES;
    final long count = (long) (toRow - fromRow) * kernel.sumPitch();
    final long target = sums(0, group) + left;
    for (int part = 1; part < cut.parts(images); part++) {
      add.run(target, sums(part, group) + left, target, count);
    }
    final long weights = geometry.weights() / geometry.groups() * group;
    kernel.store(fromRow, toRow, sums(0, group), dWeight + weights * Float.BYTES);
  }
}
