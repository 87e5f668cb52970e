package dev.gradus.graph.op;

import dev.gradus.gemm.ConvolutionSizes;
import dev.gradus.gemm.DirectConvolution;
import dev.gradus.gemm.JavaGemm;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.Shape;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * A convolution or its gradient with respect to the input as a {@link DirectConvolution}: weights
 * are packed panel by panel, then images are computed, each image, group and band of rows on its
 * own.
 */
final class DirectConvStep implements Step, ParallelTask {
  private final WorkerTeam team;
  private final DirectConvolution convolution;
  private final ConvGeometry geometry;
  private final Shape shape;
  private final long inputFloats; // of a group of an image
  private final long outputFloats;
  private final long outputs; // of a group
  private final long x;
  private final long weight;
  private final long bias; // 0 for none
  private final long y;
  private final long packed;
  private final long scratch;
  private boolean packing;

  private DirectConvStep(
      final Backend backend,
      final DirectConvolution convolution,
      final ConvolutionSizes sizes,
      final ConvGeometry geometry,
      final Shape shape,
      final boolean biased,
      final Placement placement) {
    this.team = backend.team();
    this.convolution = convolution;
    this.geometry = geometry;
    this.shape = shape;
    this.inputFloats = (long) sizes.planes() * sizes.height() * sizes.width();
    this.outputFloats = (long) sizes.outputs() * sizes.positions();
    this.outputs = sizes.outputs();
    this.x = placement.input(0);
    this.weight = placement.input(1);
    this.bias = biased ? placement.input(2) : 0;
    this.y = placement.output(0);
    this.packed = placement.scratch();
    this.scratch = packed + geometry.groups() * convolution.packedBytes();
  }

  /** The sizes of the convolution, or null where columns are the better way. */
  static ConvolutionSizes forward(final ConvGeometry geometry, final Backend backend) {
    return ifSuited(
        new ConvolutionSizes(
            geometry.window(),
            geometry.groupChannels(),
            geometry.height(),
            geometry.width(),
            geometry.groupFilters(),
            false),
        backend);
  }

  /**
   * The sizes of its gradient with respect to the input, a convolution of the output's gradient
   * where nothing strides; or null as above.
   */
  static ConvolutionSizes inputGradient(final ConvGeometry geometry, final Backend backend) {
    final WindowAxis vertical = geometry.window().vertical();
    final WindowAxis horizontal = geometry.window().horizontal();
    if (!canTurn(vertical) || !canTurn(horizontal)) {
      return null;
    }
    return ifSuited(
        new ConvolutionSizes(
            new Window(turned(vertical), turned(horizontal)),
            geometry.groupFilters(),
            geometry.outputHeight(),
            geometry.outputWidth(),
            geometry.groupChannels(),
            true),
        backend);
  }

  private static boolean canTurn(final WindowAxis axis) {
    return axis.stride() == 1 && Math.max(axis.before(), axis.after()) < axis.extent();
  }

  private static WindowAxis turned(final WindowAxis axis) {
    final int last = axis.extent() - 1;
    return new WindowAxis(
        axis.size(), 1, last - axis.before(), last - axis.after(), axis.dilation());
  }

  private static ConvolutionSizes ifSuited(final ConvolutionSizes sizes, final Backend backend) {
    final boolean java = backend.gemm() instanceof JavaGemm;
    return java && sizes.suitDirectConvolution() ? sizes : null;
  }

  /**
   * Prepares it.
   *
   * @param bias whether input 2 is one.
   * @param activation of the outputs, or null.
   * @param words what else it does, for the report.
   */
  static Prepared prepare(
      final ConvolutionSizes sizes,
      final ConvGeometry geometry,
      final Shape shape,
      final boolean bias,
      final Activation activation,
      final String words,
      final Backend backend) {
    final int threads = backend.team().threads();
    final DirectConvolution convolution =
        DirectConvolution.of(sizes, activation, backend.mode(), threads);
    return new Prepared(
        convolution.description() + words,
        geometry.groups() * convolution.packedBytes() + threads * convolution.scratchBytes(),
        placement ->
            new DirectConvStep(backend, convolution, sizes, geometry, shape, bias, placement));
  }

  @Override
  public void run(final int rows) {
    packing = true;
    team.run(this, geometry.groups() * convolution.panels());
    packing = false;
    team.run(this, ConvGeometry.images(shape, rows) * geometry.groups() * convolution.bands());
  }

  @Override
  public void runChunk(final int chunk, final int worker) {
    if (packing) {
      pack(chunk / convolution.panels(), chunk % convolution.panels());
    } else {
      final int band = chunk % convolution.bands();
      final int image = chunk / convolution.bands();
      multiply(image, image % geometry.groups(), band, worker);
    }
  }

  private void pack(final int group, final int panel) {
    final long weights = weight + group * groupWeightBytes();
    convolution.pack(panel, weights, packed + group * convolution.packedBytes());
  }

  private long groupWeightBytes() {
    return (long) geometry.groupFilters() * geometry.patch() * Float.BYTES;
  }

  /**
   * One band.
   *
   * @param image of the images of one group each.
   */
  private void multiply(final int image, final int group, final int band, final int worker) {
    convolution.run(
        worker,
        band,
        x + image * inputFloats * Float.BYTES,
        packed + group * convolution.packedBytes(),
        bias == 0 ? 0 : bias + group * outputs * Float.BYTES,
        y + image * outputFloats * Float.BYTES,
        scratch + worker * convolution.scratchBytes());
  }
}
