package dev.gradus.graph.op;

import dev.gradus.gemm.ConvolutionSizes;
import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;

/**
 * {@code y = f(w * columns(x) + bias)}, for each image, group and band of output rows on its own.
 * The bias is where the sums start.
 */
final class ConvForwardStep extends ConvStep {
  private final Fill fill;
  private final Shape shape;
  private final long x;
  private final long weight;
  private final long bias; // 0 for none
  private final long y;

  private ConvForwardStep(
      final Backend backend,
      final ConvGeometry geometry,
      final GemmKernel kernel,
      final Shape shape,
      final boolean biased,
      final Placement placement) {
    super(backend, geometry, kernel, placement.scratch());
    this.fill = Fill.of(backend.mode());
    this.shape = shape;
    this.x = placement.input(0);
    this.weight = placement.input(1);
    this.bias = biased ? placement.input(2) : 0;
    this.y = placement.output(0);
  }

  static Prepared prepare(
      final Conv2d conv,
      final boolean bias,
      final Activation activation,
      final Node node,
      final Backend backend) {
    final ConvGeometry geometry = conv.geometry(node.inputTypes());
    final Shape shape = node.input(0).shape();
    final String words = Epilogue.forward(bias, activation).toString();
    if (RowConvStep.suits(geometry, backend)) {
      return RowConvStep.prepare(geometry, shape, bias, activation, words, backend);
    }
    final ConvolutionSizes direct = DirectConvStep.forward(geometry, backend);
    if (direct != null) {
      return DirectConvStep.prepare(direct, geometry, shape, bias, activation, words, backend);
    }
    final Epilogue epilogue = Epilogue.forward(false, activation);
    final GemmSpec spec =
        new GemmSpec(
            geometry.groupFilters(),
            geometry.bandPositions(),
            geometry.patch(),
            false,
            false,
            1f,
            bias ? 1f : 0f,
            geometry.patch(),
            pitch(geometry),
            geometry.positions(),
            epilogue);
    final GemmKernel kernel = prepare(backend, spec);
    return new Prepared(
        kernel.description() + words,
        scratchBytes(backend, geometry, kernel),
        placement -> new ConvForwardStep(backend, geometry, kernel, shape, bias, placement));
  }

  @Override
  public void run(final int rows) {
    team.run(this, images(shape, rows) * geometry.groups() * bands);
  }

  @Override
  public void runChunk(final int chunk, final int worker) {
    final int band = chunk % bands;
    final int group = chunk / bands % geometry.groups();
    final int image = chunk / bands / geometry.groups();
    final int from = geometry.bandStart(band);
    final int to = geometry.bandStart(band + 1);
    final int filters = geometry.groupFilters();
    final int channels = geometry.groupChannels();
    final int positions = geometry.positions();
    final long left = (long) from * geometry.outputWidth() * Float.BYTES;
    final int count = (to - from) * geometry.outputWidth();
    final long in = planeAt(x, image, geometry.channels(), group * channels, geometry.plane());
    final long out = planeAt(y, image, geometry.filters(), group * filters, positions) + left;
    final long filter = weight + (long) group * filters * geometry.patch() * Float.BYTES;
    if (bias != 0) {
      for (int f = 0; f < filters; f++) {
        final long start = bias + ((long) group * filters + f) * Float.BYTES;
        fill.run(out + (long) f * positions * Float.BYTES, OffHeap.getFloat(start), count);
      }
    }
    long matrix = in + left;
    if (!point) {
      matrix = columnsOf(worker);
      columns.gather(in, channels, from, to, matrix, pitch);
    }
    multiply(worker, filters, count, geometry.patch(), filter, matrix, out);
  }
}
