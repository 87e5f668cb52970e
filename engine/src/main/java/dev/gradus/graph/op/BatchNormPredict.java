package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * Normalises each channel of x (N,channels,...) by given statistics: {@code y = (x - mean) /
 * sqrt(variance + epsilon) * scale + shift}. Inputs: x; scale, shift, mean and variance (channels).
 * Outputs: y, and {@code 1 / sqrt(variance + epsilon)} (channels). Mean and variance have no
 * gradient.
 */
public record BatchNormPredict(double epsilon) implements Op {
  public BatchNormPredict {
    BatchNorm.requireEpsilon("batch_norm_predict", epsilon);
  }

  @Override
  public String name() {
    return "batch_norm_predict";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 5);
    final TensorType channel = BatchNorm.channelType(name(), inputs.get(0));
    Types.requireSame("scale of " + name(), channel, inputs.get(1));
    Types.requireSame("shift of " + name(), channel, inputs.get(2));
    Types.requireSame("mean of " + name(), channel, inputs.get(3));
    Types.requireSame("variance of " + name(), channel, inputs.get(4));
    return List.of(inputs.get(0), channel);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    Types.requireOnlyFirst(name(), dOutputs);
    final List<Value> gradients =
        graph.applyAll(
            new BatchNormGradient(true),
            dOutputs.get(0),
            node.input(0),
            node.input(1),
            node.input(3),
            node.outputs().get(1));
    return Arrays.asList(gradients.get(0), gradients.get(1), gradients.get(2), null, null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        BatchNorm.scratchBytes(node.input(1), 1),
        placement -> new Channels(epsilon, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 3 * node.output().shape().elements(rows);
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
    private final long mean;
    private final long variance;
    private final long y;
    private final long inverse;
    private final long factor;

    Channels(
        final double epsilon, final Node node, final Backend backend, final Placement placement) {
      super(backend, node.input(0).shape());
      this.epsilon = epsilon;
      this.x = placement.input(0);
      this.scale = placement.input(1);
      this.shift = placement.input(2);
      this.mean = placement.input(3);
      this.variance = placement.input(4);
      this.y = placement.output(0);
      this.inverse = placement.output(1);
      this.factor = placement.scratch();
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long outer = outer(rows);
      for (long channel = from; channel < to; channel++) {
        final double root = Math.sqrt(get(variance, channel) + epsilon);
        set(inverse, channel, 1 / root);
        set(factor, channel, get(scale, channel) / root);
        for (long row = 0; !isMatrix() && row < outer; row++) {
          stretches.run(
              at(x, row, channel),
              get(mean, channel),
              get(factor, channel),
              get(shift, channel),
              at(y, row, channel),
              inner);
        }
      }
      if (isMatrix()) {
        columns.run(x, outer, channels, from, to, mean, factor, shift, y);
      }
    }
  }
}
