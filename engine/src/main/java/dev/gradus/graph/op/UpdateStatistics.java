package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * Lets running statistics follow those of a batch: {@code running = (1 - momentum) * running +
 * momentum * batch}. Inputs, each (channels): running mean and running variance, which are
 * overwritten, mean and variance of the batch; and the batch's x (N,channels,...), of which nothing
 * is read. No outputs. The batch's variance counts as an estimate: times {@code n / (n - 1)}, n
 * being the elements of x for each channel. One element says nothing of a variance, so it changes
 * neither.
 */
public record UpdateStatistics(double momentum) implements Op {
  public UpdateStatistics {
    if (!(momentum > 0 && momentum <= 1)) {
      throw GradusException.outOfRange("momentum of batch_norm", "above 0, up to 1", momentum);
    }
  }

  @Override
  public String name() {
    return "update_statistics";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 5);
    final TensorType channel = BatchNorm.channelType(name(), inputs.get(4));
    Types.requireSame("running mean of " + name(), channel, inputs.get(0));
    Types.requireSame("running variance of " + name(), channel, inputs.get(1));
    Types.requireSame("mean of " + name(), channel, inputs.get(2));
    Types.requireSame("variance of " + name(), channel, inputs.get(3));
    return List.of();
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " has no output to differentiate");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("scalar", placement -> new Channels(momentum, node, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 6 * node.input(0).shape().elements(1);
  }

  @Override
  public boolean mutates(final int input) {
    return input < 2;
  }

  /** A few hundred numbers: not worth a second thread. */
  private static final class Channels implements Step {
    private final double momentum;
    private final Value like;
    private final long channels;
    private final long runningMean;
    private final long runningVariance;
    private final long mean;
    private final long variance;

    Channels(final double momentum, final Node node, final Placement placement) {
      this.momentum = momentum;
      this.like = node.input(4);
      this.channels = node.input(0).shape().elements(1);
      this.runningMean = placement.input(0);
      this.runningVariance = placement.input(1);
      this.mean = placement.input(2);
      this.variance = placement.input(3);
    }

    @Override
    public void run(final int rows) {
      final long count = like.shape().elements(rows) / channels;
      if (count < 2) {
        return;
      }
      final double estimate = count / (count - 1.0);
      for (long o = 0; o < channels * Float.BYTES; o += Float.BYTES) {
        follow(runningMean + o, OffHeap.getFloat(mean + o));
        follow(runningVariance + o, OffHeap.getFloat(variance + o) * estimate);
      }
    }

    private void follow(final long running, final double batch) {
      final double before = OffHeap.getFloat(running);
      OffHeap.setFloat(running, (float) ((1 - momentum) * before + momentum * batch));
    }
  }
}
