package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link BatchNorm} and of {@link BatchNormPredict}. Inputs: dY and x
 * (N,channels,...), scale, mean and {@code inverse = 1 / sqrt(variance + epsilon)} (channels).
 * Outputs, with sums over all but the channels and n the count of what is summed:
 *
 * <pre>{@code
 * dShift = sum dY
 * dScale = inverse * sum dY * (x - mean)
 * dX     = scale * inverse * (dY - dShift / n - (x - mean) * inverse * dScale / n)
 * }</pre>
 *
 * @param fixed whether mean and variance are given rather than those of x; then {@code dX = scale *
 *     inverse * dY}.
 */
public record BatchNormGradient(boolean fixed) implements Op {
  @Override
  public String name() {
    return "batch_norm_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 5);
    final TensorType channel = BatchNorm.channelType(name(), inputs.get(0));
    Types.requireSame("second input of " + name(), inputs.get(0), inputs.get(1));
    Types.requireSame("scale of " + name(), channel, inputs.get(2));
    Types.requireSame("mean of " + name(), channel, inputs.get(3));
    Types.requireSame("inverse deviation of " + name(), channel, inputs.get(4));
    return List.of(inputs.get(0), channel, channel);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        BatchNorm.scratchBytes(node.input(2), 3),
        placement -> new Channels(fixed, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 9 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input < 2;
  }

  private static final class Channels extends ChannelStep {
    private final boolean fixed;
    private final long dY;
    private final long x;
    private final long scale;
    private final long mean;
    private final long inverse;
    private final long dX;
    private final long dScale;
    private final long dShift;
    private final long factor;
    private final long slope;
    private final long offset;

    Channels(
        final boolean fixed, final Node node, final Backend backend, final Placement placement) {
      super(backend, node.input(0).shape());
      this.fixed = fixed;
      this.dY = placement.input(0);
      this.x = placement.input(1);
      this.scale = placement.input(2);
      this.mean = placement.input(3);
      this.inverse = placement.input(4);
      this.dX = placement.output(0);
      this.dScale = placement.output(1);
      this.dShift = placement.output(2);
      final long slotBytes = BatchNorm.slotBytes(channels);
      this.factor = placement.scratch();
      this.slope = factor + slotBytes;
      this.offset = slope + slotBytes;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long outer = outer(rows);
      if (isMatrix()) {
        columns.sums(dY, x, outer, channels, from, to, mean, dShift, dScale);
      }
      for (long channel = from; channel < to; channel++) {
        if (!isMatrix()) {
          stretchSums(channel, outer);
        }
        final double deviation = get(inverse, channel);
        final double dot = get(dScale, channel) * deviation;
        final double all = get(scale, channel) * deviation;
        final double share = fixed ? 0 : all / (outer * inner);
        set(dScale, channel, dot);
        set(factor, channel, all);
        set(slope, channel, share * deviation * dot);
        set(offset, channel, share * get(dShift, channel));
        for (long row = 0; !isMatrix() && row < outer; row++) {
          stretches.gradient(
              at(dY, row, channel),
              get(factor, channel),
              at(x, row, channel),
              get(mean, channel),
              get(slope, channel),
              get(offset, channel),
              at(dX, row, channel),
              inner);
        }
      }
      if (isMatrix()) {
        columns.gradient(dY, x, outer, channels, from, to, mean, factor, slope, offset, dX);
      }
    }

    private void stretchSums(final long channel, final long outer) {
      double sum = 0;
      double dot = 0;
      for (long row = 0; row < outer; row++) {
        final long gradient = at(dY, row, channel);
        sum += moments.sum(gradient, inner);
        dot += moments.dot(at(x, row, channel), get(mean, channel), gradient, inner);
      }
      set(dShift, channel, sum);
      set(dScale, channel, dot);
    }
  }
}
