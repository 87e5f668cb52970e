package dev.gradus.optim;

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
 * Applies an optimizer to one parameter, in place. Inputs: the parameter, its gradient and, where
 * the optimizer keeps anything, the state of {@link #stateShape}. No outputs.
 */
public record Update(Optimizer optimizer, StepScalars scalars) implements Op {
  /**
   * Shape of the state of one parameter: slots by elements, each slot rounded up to whole cache
   * lines.
   */
  public static Shape stateShape(final Optimizer optimizer, final Shape parameter) {
    final long slotElements = slotBytes(parameter) / DType.BYTES;
    if (slotElements > Integer.MAX_VALUE) {
      throw GradusException.outOfRange(
          "elements of a parameter for " + optimizer.name(), "below 2^31", slotElements);
    }
    return Shape.of(optimizer.slots(), (int) slotElements);
  }

  static long slotBytes(final Shape parameter) {
    return Slab.aligned(parameter.elements(1) * DType.BYTES);
  }

  @Override
  public String name() {
    return optimizer.name();
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    final int expected = optimizer.slots() == 0 ? 2 : 3;
    if (inputs.size() != expected) {
      throw GradusException.mismatch("number of inputs of " + name(), expected, inputs.size());
    }
    if (!inputs.get(0).equals(inputs.get(1))) {
      throw GradusException.mismatch("gradient of " + name(), inputs.get(0), inputs.get(1));
    }
    if (expected == 3) {
      final TensorType state = TensorType.float32(stateShape(optimizer, inputs.get(0).shape()));
      if (!state.equals(inputs.get(2))) {
        throw GradusException.mismatch("state of " + name(), state, inputs.get(2));
      }
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
        backend.mode() + " fused " + name(),
        placement -> new Elements(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return optimizer.flopsPerElement() * node.input(0).shape().elements(rows);
  }

  @Override
  public boolean mutates(final int input) {
    return input != 1;
  }

  private static final class Elements extends UpdateStep {
    private final Optimizer.UpdateKernel kernel;
    private final float[] scalars;
    private final long parameter;
    private final long gradient;
    private final long state;
    private final long slotBytes;

    Elements(
        final Update update, final Node node, final Backend backend, final Placement placement) {
      super(update.scalars, node, backend);
      final Shape shape = node.input(0).shape();
      this.kernel = update.optimizer.kernel(backend.mode());
      this.scalars = update.scalars.values();
      this.parameter = placement.input(0);
      this.gradient = placement.input(1);
      this.state = update.optimizer.slots() == 0 ? 0 : placement.input(2);
      this.slotBytes = slotBytes(shape);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long byteOffset = from * Float.BYTES;
      kernel.run(
          parameter + byteOffset,
          gradient + byteOffset,
          state + byteOffset,
          slotBytes,
          to - from,
          scalars);
    }
  }
}
