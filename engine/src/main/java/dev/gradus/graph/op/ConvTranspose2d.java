package dev.gradus.graph.op;

import dev.gradus.gemm.ConvolutionSizes;
import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.Window;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The transpose of {@link Conv2d}: the gradient with respect to its input, and the forward pass of
 * a transposed convolution. From y (N, filters, height', width') and w (filters, channels / groups,
 * window) to (N, channels, height, width).
 *
 * @param height of the result: several lead to the same height' where the stride is above 1.
 * @param width of the result.
 */
public record ConvTranspose2d(Window window, int groups, int height, int width) implements Op {
  @Override
  public String name() {
    return "conv_transpose2d";
  }

  private Conv2d conv() {
    return new Conv2d(window, groups);
  }

  private ConvGeometry geometry(final List<TensorType> inputs) {
    final Shape y = inputs.get(0).shape();
    final Shape weight = inputs.get(1).shape();
    ConvGeometry.requireImages("input of " + name(), y);
    if (weight.rank() != 4 || weight.dim(0) != y.dim(1)) {
      throw GradusException.mismatch(
          "shape of weight of " + name(),
          "[" + y.dim(1) + ",channels / groups,height,width]",
          weight);
    }
    final Shape x = ConvGeometry.images(y, weight.dim(1) * groups, height, width).get(0).shape();
    final ConvGeometry geometry = ConvGeometry.of(name(), window, groups, x, weight);
    if (geometry.outputHeight() != y.dim(2) || geometry.outputWidth() != y.dim(3)) {
      throw GradusException.mismatch(
          "shape of input of " + name() + " to " + height + "x" + width,
          ConvGeometry.images(
                  y, geometry.filters(), geometry.outputHeight(), geometry.outputWidth())
              .get(0)
              .shape(),
          y);
    }
    return geometry;
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireFloat("input of " + name(), inputs.get(0));
    Types.requireFloat("weight of " + name(), inputs.get(1));
    final ConvGeometry g = geometry(inputs);
    return ConvGeometry.images(inputs.get(0).shape(), g.channels(), height, width);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value dX = dOutputs.get(0);
    return List.of(
        graph.apply(conv(), dX, node.input(1)),
        graph.apply(new Conv2dWeightGradient(window, groups), dX, node.input(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final ConvGeometry geometry = geometry(node.inputTypes());
    final Shape shape = node.input(0).shape();
    final ConvolutionSizes direct = DirectConvStep.inputGradient(geometry, backend);
    if (direct != null) {
      return DirectConvStep.prepare(direct, geometry, shape, false, null, "", backend);
    }
    final int pitch = ConvStep.pitch(geometry);
    final GemmSpec spec =
        new GemmSpec(
            geometry.patch(),
            geometry.bandPositions(),
            geometry.groupFilters(),
            true,
            false,
            1f,
            0f,
            geometry.patch(),
            geometry.positions(),
            pitch,
            Epilogue.NONE);
    final GemmKernel kernel = ConvStep.prepare(backend, spec);
    return new Prepared(
        kernel.description(),
        ConvStep.scratchBytes(backend, geometry, kernel),
        placement -> new Images(backend, geometry, kernel, shape, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return geometry(node.inputTypes()).flops(node.input(0).shape(), rows);
  }

  /**
   * Each group of each image on its own: {@code columns(x) = w^T * y}, added to where they come
   * from.
   */
  private static final class Images extends ConvStep {
    private final Fill fill;
    private final Shape shape;
    private final long y;
    private final long weight;
    private final long x;

    Images(
        final Backend backend,
        final ConvGeometry geometry,
        final GemmKernel kernel,
        final Shape shape,
        final Placement placement) {
      super(backend, geometry, kernel, placement.scratch());
      this.fill = Fill.of(backend.mode());
      this.shape = shape;
      this.y = placement.input(0);
      this.weight = placement.input(1);
      this.x = placement.output(0);
    }

    @Override
    public void run(final int rows) {
      team.run(this, images(shape, rows) * geometry.groups());
    }

    @Override
    public void runChunk(final int chunk, final int worker) {
      final int group = chunk % geometry.groups();
      final int image = chunk / geometry.groups();
      final int filters = geometry.groupFilters();
      final int channels = geometry.groupChannels();
      final int positions = geometry.positions();
      final int patch = geometry.patch();
      final long in = planeAt(y, image, geometry.filters(), group * filters, positions);
      final long out = planeAt(x, image, geometry.channels(), group * channels, geometry.plane());
      final long filter = weight + (long) group * filters * patch * Float.BYTES;
      if (!point) {
        fill.run(out, 0f, channels * geometry.plane());
      }
      for (int band = 0; band < bands; band++) {
        final int from = geometry.bandStart(band);
        final int to = geometry.bandStart(band + 1);
        final long left = (long) from * geometry.outputWidth() * Float.BYTES;
        final int count = (to - from) * geometry.outputWidth();
        final long matrix = point ? out + left : columnsOf(worker);
        multiply(worker, patch, count, filters, filter, in + left, matrix);
        if (!point) {
          columns.scatterAdd(out, channels, from, to, matrix, pitch);
        }
      }
    }
  }
}
