package dev.gradus.graph.op;

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
import dev.gradus.kernel.Add;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.Window;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link Conv2d} with respect to its weight, from x (N, channels, height, width)
 * and dY (N, filters, height', width'): {@code dW = sum over images of dY * columns(x)^T}.
 */
public record Conv2dWeightGradient(Window window, int groups) implements Op {
  @Override
  public String name() {
    return "conv2d_weight_gradient";
  }

  private ConvGeometry geometry(final List<TensorType> inputs) {
    final Shape x = inputs.get(0).shape();
    final Shape dY = inputs.get(1).shape();
    ConvGeometry.requireImages("input of " + name(), x);
    ConvGeometry.requireImages("output gradient of " + name(), dY);
    final Shape weight =
        Shape.of(
            dY.dim(1),
            Math.max(1, x.dim(1) / Math.max(1, groups)),
            window.vertical().size(),
            window.horizontal().size());
    final ConvGeometry geometry = ConvGeometry.of(name(), window, groups, x, weight);
    final Shape expected =
        ConvGeometry.images(x, geometry.filters(), geometry.outputHeight(), geometry.outputWidth())
            .get(0)
            .shape();
    if (!expected.equals(dY)) {
      throw GradusException.mismatch("shape of output gradient of " + name(), expected, dY);
    }
    return geometry;
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireFloat("input of " + name(), inputs.get(0));
    Types.requireFloat("output gradient of " + name(), inputs.get(1));
    final ConvGeometry g = geometry(inputs);
    return List.of(
        TensorType.float32(
            Shape.of(
                g.filters(),
                g.groupChannels(),
                window.vertical().size(),
                window.horizontal().size())));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Shape x = node.input(0).shape();
    final Value dWeight = dOutputs.get(0);
    return List.of(
        graph.apply(
            new ConvTranspose2d(window, groups, x.dim(2), x.dim(3)), node.input(1), dWeight),
        graph.apply(new Conv2d(window, groups), node.input(0), dWeight));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final ConvGeometry geometry = geometry(node.inputTypes());
    final Shape shape = node.input(0).shape();
    if (DirectWeightStep.suits(geometry, backend)) {
      return DirectWeightStep.prepare(geometry, shape, capacity, backend);
    }
    final WeightCut cut = WeightCut.of(geometry, geometry.groupChannels());
    final GemmSpec spec =
        new GemmSpec(
            geometry.groupFilters(),
            Math.ceilDiv(geometry.groupChannels(), cut.blocks()) * window.area(),
            geometry.bandPositions(),
            false,
            true,
            1f,
            1f,
            geometry.positions(),
            ConvStep.pitch(geometry),
            geometry.patch(),
            Epilogue.NONE);
    final GemmKernel kernel = ConvStep.prepare(backend, spec);
    final int parts = cut.parts(ConvStep.images(shape, capacity));
    final long partBytes = Slab.aligned(geometry.weights() * Float.BYTES);
    return new Prepared(
        kernel.description(),
        ConvStep.scratchBytes(backend, geometry, kernel) + (parts > 1 ? parts * partBytes : 0),
        placement -> new Parts(backend, geometry, kernel, cut, shape, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return geometry(node.inputTypes()).flops(node.input(0).shape(), rows);
  }

  private static final class Parts extends ConvStep {
    /** Floats that one task adds up. */
    private static final int SUM_FLOATS = 8 * 1024;

    private final Fill fill;
    private final BinaryKernel add;
    private final WeightCut cut;
    private final Shape shape;
    private final long x;
    private final long dY;
    private final long dWeight;
    private final long partial;
    private final long partBytes;
    private int images;
    private int parts;
    private boolean adding;

    Parts(
        final Backend backend,
        final ConvGeometry geometry,
        final GemmKernel kernel,
        final WeightCut cut,
        final Shape shape,
        final Placement placement) {
      super(backend, geometry, kernel, placement.scratch());
      this.fill = Fill.of(backend.mode());
      this.add = Add.of(backend.mode());
      this.cut = cut;
      this.shape = shape;
      this.x = placement.input(0);
      this.dY = placement.input(1);
      this.dWeight = placement.output(0);
      this.partial = placement.scratch() + scratchBytes(backend, geometry, kernel);
      this.partBytes = Slab.aligned(geometry.weights() * Float.BYTES);
    }

    @Override
    public void run(final int rows) {
      images = images(shape, rows);
      parts = cut.parts(images);
      adding = false;
      team.run(this, parts * geometry.groups() * cut.blocks());
      if (parts > 1) {
        adding = true;
        team.run(this, (int) ((geometry.weights() + SUM_FLOATS - 1) / SUM_FLOATS));
      }
    }

    @Override
    public void runChunk(final int chunk, final int worker) {
      if (adding) {
        addParts(chunk);
      } else {
        multiplyPart(chunk, worker);
      }
    }

    private void multiplyPart(final int chunk, final int worker) {
      final int block = chunk % cut.blocks();
      final int group = chunk / cut.blocks() % geometry.groups();
      final int part = chunk / cut.blocks() / geometry.groups();
      final int filters = geometry.groupFilters();
      final int patch = geometry.patch();
      final int first = cut.start(geometry.groupChannels(), block);
      final int channels = cut.start(geometry.groupChannels(), block + 1) - first;
      final int area = geometry.window().area();
      final int positions = geometry.positions();
      final long target =
          (parts > 1 ? partial + part * partBytes : dWeight)
              + ((long) group * filters * patch + (long) first * area) * Float.BYTES;
      for (int f = 0; f < filters; f++) {
        fill.run(target + (long) f * patch * Float.BYTES, 0f, (long) channels * area);
      }
      final int end = (int) ((long) images * (part + 1) / parts);
      for (int image = (int) ((long) images * part / parts); image < end; image++) {
        final int channel = group * geometry.groupChannels() + first;
        final long in = planeAt(x, image, geometry.channels(), channel, geometry.plane());
        final long out = planeAt(dY, image, geometry.filters(), group * filters, positions);
        for (int band = 0; band < bands; band++) {
          final int from = geometry.bandStart(band);
          final int to = geometry.bandStart(band + 1);
          final long left = (long) from * geometry.outputWidth() * Float.BYTES;
          long matrix = in + left;
          if (!point) {
            matrix = columnsOf(worker);
            columns.gather(in, channels, from, to, matrix, pitch);
          }
          final int count = (to - from) * geometry.outputWidth();
          multiply(worker, filters, channels * area, count, out + left, matrix, target);
        }
      }
    }

    private void addParts(final int chunk) {
      final long from = (long) chunk * SUM_FLOATS;
      final long count = Math.min(SUM_FLOATS, geometry.weights() - from);
      final long out = dWeight + from * Float.BYTES;
      final long start = partial + from * Float.BYTES;
      add.run(start, start + partBytes, out, count);
      for (int part = 2; part < parts; part++) {
        add.run(out, start + part * partBytes, out, count);
      }
    }
  }
}
