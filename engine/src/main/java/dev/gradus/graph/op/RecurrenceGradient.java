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
 * The way back through a {@link Recurrence}. Inputs: the gradient of h (N,T,units), the state's
 * weights, the outputs of the recurrence, mask and carried state where there are any. Outputs: the
 * gradient of the input's part of the gates (N,T,gates*units), in the place of the gates where
 * nothing else reads those, and, of cells with a bias of the state's own, that of the state's part.
 *
 * @param onlyStep the one step whose h has a gradient, which is then (N,units); {@link #ALL_STEPS}
 *     where each has.
 */
public record RecurrenceGradient(Recurrence forward, int onlyStep) implements Op {
  /** In place of a step: each has a gradient. */
  public static final int ALL_STEPS = -1;

  // Positions of inputs.
  static final int WEIGHTS = 1;
  static final int H = 2;
  static final int GATES = 3;
  static final int KEPT = 4;

  /** Where each step's h has a gradient. */
  public static RecurrenceGradient of(final Recurrence forward) {
    return new RecurrenceGradient(forward, ALL_STEPS);
  }

  /** The same where one step's h alone has a gradient. */
  public RecurrenceGradient ofStep(final int step) {
    return new RecurrenceGradient(forward, step);
  }

  @Override
  public String name() {
    return forward.name() + "_gradient";
  }

  /** The position of the first input behind the outputs of the recurrence. */
  int optional() {
    return forward.cell().keptBlocks() > 0 ? KEPT + 1 : KEPT;
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    final Cell cell = forward.cell();
    final int optional = optional();
    Types.requireCount(
        name(), inputs, optional + (forward.masked() ? 1 : 0) + (forward.carried() ? 1 : 0));
    final Shape h = inputs.get(H).shape();
    if (h.rank() != 3) {
      throw GradusException.mismatch("shape of h of " + name(), "[N,steps,units]", h);
    }
    final int units = h.last();
    final int width = cell.gates() * units;
    final TensorType gates = TensorType.float32(h.withLast(width));
    Types.requireFloat("h of " + name(), inputs.get(H));
    if (onlyStep < ALL_STEPS || onlyStep >= h.dim(1)) {
      throw GradusException.outOfRange("step of " + name(), "0 to " + (h.dim(1) - 1), onlyStep);
    }
    Types.requireSame(
        "gradient of h of " + name(),
        onlyStep == ALL_STEPS ? inputs.get(H) : TensorType.float32(h.withoutLast().withLast(units)),
        inputs.get(0));
    Types.requireSame(
        "weights of " + name(), TensorType.float32(Shape.of(units, width)), inputs.get(WEIGHTS));
    Types.requireSame("gates of " + name(), gates, inputs.get(GATES));
    if (cell.keptBlocks() > 0) {
      Types.requireSame(
          "kept values of " + name(),
          TensorType.float32(h.withLast(cell.keptBlocks() * units)),
          inputs.get(KEPT));
    }
    forward.requireOptional(inputs, optional, h);
    return cell.hasHiddenBias() ? List.of(gates, gates) : List.of(gates);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=first derivatives alone");
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == GATES;
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return RecurrenceGradientStep.prepare(this, node, backend, capacity);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final Shape h = node.input(H).shape();
    return h.elements(rows)
        * (2L * h.last() * forward.cell().gates() + 3L * forward.cell().flops());
  }
}
