package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Cell;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The way back through a {@link Recurrence}. Inputs: the gradient of h (N,T,units), h, what was
 * saved, the state's weights, mask and carried state where there are any. Outputs: the gradient of
 * the input's part of the gates (N,T,gates*units) and, of cells with a bias of the state's own,
 * that of the state's part.
 */
public record RecurrenceGradient(Recurrence forward) implements Op {
  @Override
  public String name() {
    return forward.name() + "_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    final Cell cell = forward.cell();
    Types.requireCount(
        name(), inputs, 4 + (forward.masked() ? 1 : 0) + (forward.carried() ? 1 : 0));
    final Shape h = inputs.get(1).shape();
    if (h.rank() != 3) {
      throw GradusException.mismatch("shape of h of " + name(), "[N,steps,units]", h);
    }
    final int units = h.last();
    final int width = cell.gates() * units;
    Types.requireFloat("h of " + name(), inputs.get(1));
    Types.requireSame("gradient of h of " + name(), inputs.get(1), inputs.get(0));
    Types.requireSame(
        "saved values of " + name(),
        TensorType.float32(h.withLast(cell.savedBlocks() * units)),
        inputs.get(2));
    Types.requireSame(
        "weights of " + name(), TensorType.float32(Shape.of(units, width)), inputs.get(3));
    forward.requireOptional(inputs, 4, h);
    final TensorType gates = TensorType.float32(h.withLast(width));
    return cell.hasHiddenBias() ? List.of(gates, gates) : List.of(gates);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=first derivatives alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return RecurrenceGradientStep.prepare(this, node, backend, capacity);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final Shape h = node.input(1).shape();
    return h.elements(rows)
        * (2L * h.last() * forward.cell().gates() + 3L * forward.cell().flops());
  }
}
