package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * Normalises each channel of x (N,channels,...) by the batch's own statistics: {@code y = (x -
 * mean) / sqrt(variance + epsilon) * scale + shift}. Inputs: x, scale and shift (channels).
 * Outputs: y; mean, variance (mean squared deviation) and {@code 1 / sqrt(variance + epsilon)},
 * each (channels). Two passes over each channel for the statistics, as a difference of squares
 * would cancel.
 *
 * <p>Source: Ioffe and Szegedy 2015.
 */
public record BatchNorm(double epsilon) implements Op {
  public BatchNorm {
    requireEpsilon("batch_norm", epsilon);
  }

  /** Checks an epsilon for the op of that name. */
  static void requireEpsilon(final String name, final double epsilon) {
    if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
      throw GradusException.outOfRange("epsilon of " + name, "a number above 0", epsilon);
    }
  }

  /** The type of a value for each channel of x. */
  static TensorType channelType(final String name, final TensorType x) {
    Types.requireRank("input of " + name, x, 2);
    return TensorType.float32(Shape.of(x.shape().dim(1)));
  }

  @Override
  public String name() {
    return "batch_norm";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 3);
    final TensorType channel = channelType(name(), inputs.get(0));
    Types.requireSame("scale of " + name(), channel, inputs.get(1));
    Types.requireSame("shift of " + name(), channel, inputs.get(2));
    return List.of(inputs.get(0), channel, channel, channel);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    Types.requireOnlyFirst(name(), dOutputs);
    return graph.applyAll(
        new BatchNormGradient(false),
        dOutputs.get(0),
        node.input(0),
        node.input(1),
        node.outputs().get(1),
        node.outputs().get(3));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        scratchBytes(node.input(1), 1),
        placement -> new Channels(this, node, backend, placement));
  }

  /** Bytes for {@code count} vectors of a value for each channel. */
  static long scratchBytes(final Value channel, final int count) {
    return count * slotBytes(channel.shape().elements(1));
  }

  static long slotBytes(final long channels) {
    return Slab.aligned(channels * DType.BYTES);
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 7 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  private static final class Channels extends ChannelStep {
    private final double epsilon;
    private final long x;
    private final long scale;
    private final long shift;
    private final long y;
    private final long mean;
    private final long variance;
    private final long inverse;
    private final long factor;

    Channels(
        final BatchNorm op, final Node node, final Backend backend, final Placement placement) {
      super(backend, node.input(0).shape());
      this.epsilon = op.epsilon;
      this.x = placement.input(0);
      this.scale = placement.input(1);
      this.shift = placement.input(2);
      this.y = placement.output(0);
      this.mean = placement.output(1);
      this.variance = placement.output(2);
      this.inverse = placement.output(3);
      this.factor = placement.scratch();
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long outer = outer(rows);
      if (isMatrix()) {
        columns.moments(x, outer, channels, from, to, mean, variance);
      }
      for (long channel = from; channel < to; channel++) {
        if (!isMatrix()) {
          stretchMoments(channel, outer);
        }
        final double root = Math.sqrt(get(variance, channel) + epsilon);
        set(inverse, channel, 1 / root);
        set(factor, channel, get(scale, channel) / root);
        if (!isMatrix()) {
          stretches.run(
              at(x, 0, channel),
              get(mean, channel),
              get(factor, channel),
              get(shift, channel),
              at(y, 0, channel),
              outer,
              rowBytes(),
              inner);
        }
      }
      if (isMatrix()) {
        columns.run(x, outer, channels, from, to, mean, factor, shift, y);
      }
    }

    private void stretchMoments(final long channel, final long outer) {
      double sum = 0;
      for (long row = 0; row < outer; row++) {
        sum += moments.sum(at(x, row, channel), inner);
      }
      set(mean, channel, sum / (outer * inner));
      double squares = 0;
      for (long row = 0; row < outer; row++) {
        squares += moments.squares(at(x, row, channel), inner, get(mean, channel));
      }
      set(variance, channel, squares / (outer * inner));
    }
  }
}
