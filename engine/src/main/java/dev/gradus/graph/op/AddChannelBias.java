package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.AddConstant;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** {@code x + bias}: x is (N, channels, ...), one number of the bias is added to each channel. */
public record AddChannelBias() implements Op {
  static TensorType biasType(final String op, final TensorType x) {
    Types.requireRank("input of " + op, x, 3);
    return TensorType.float32(Shape.of(x.shape().dim(1)));
  }

  /** Elements of a channel. */
  static long plane(final Shape shape) {
    return shape.rowElements() / shape.dim(1);
  }

  @Override
  public String name() {
    return "add_channel_bias";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireSame("bias of " + name(), biasType(name(), inputs.get(0)), inputs.get(1));
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value dOut = dOutputs.get(0);
    return List.of(dOut, graph.apply(new ChannelSum(), dOut));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Planes(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  private static final class Planes extends RangeStep {
    private final AddConstant kernel;
    private final Shape shape;
    private final int channels;
    private final long plane;
    private final long x;
    private final long bias;
    private final long out;

    Planes(final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.kernel = AddConstant.of(backend.mode());
      this.shape = node.output().shape();
      this.channels = shape.dim(1);
      this.plane = plane(shape);
      this.x = placement.input(0);
      this.bias = placement.input(1);
      this.out = placement.output(0);
    }

    @Override
    protected long units(final int rows) {
      return shape.elements(rows) / plane;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return plane;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long unit = from; unit < to; unit++) {
        final long byteOffset = unit * plane * Float.BYTES;
        final float constant = OffHeap.getFloat(bias + unit % channels * Float.BYTES);
        kernel.run(x + byteOffset, constant, out + byteOffset, plane);
      }
    }
  }
}
