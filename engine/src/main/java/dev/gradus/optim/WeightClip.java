package dev.gradus.optim;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Clamp;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * {@code parameter = max(-bound, min(parameter, bound))}, in place, after each update. Input: the
 * parameter. No outputs.
 *
 * <p>Source: Arjovsky, Chintala and Bottou, Wasserstein GAN, 2017.
 *
 * @param scalars which tell whether the step updates.
 */
public record WeightClip(float bound, StepScalars scalars) implements Op {
  @Override
  public String name() {
    return "weight_clip";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.size() != 1) {
      throw GradusException.mismatch("number of inputs of " + name(), 1, inputs.size());
    }
    return List.of();
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is added after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Elements(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 2 * node.input(0).shape().elements(rows);
  }

  @Override
  public boolean mutates(final int input) {
    return true;
  }

  private static final class Elements extends UpdateStep {
    private final UnaryKernel kernel;
    private final long parameter;

    Elements(
        final WeightClip op, final Node node, final Backend backend, final Placement placement) {
      super(op.scalars, node, backend);
      this.kernel = Clamp.of(backend.mode(), op.bound);
      this.parameter = placement.input(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long at = parameter + from * Float.BYTES;
      kernel.run(at, at, to - from);
    }
  }
}
