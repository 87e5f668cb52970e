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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A recurrent {@link Cell} over a whole sequence, from a state of zeros or one that is carried from
 * run to run. Inputs, in this order:
 *
 * <ul>
 *   <li>(N,T,gates*units) the input's part of the gates: {@code x W + b} for all steps at once;
 *   <li>(units,gates*units) the state's weights U;
 *   <li>(gates*units) the state's own bias, of cells that have one;
 *   <li>where {@code masked}, (N,T): a step whose mask is 0 leaves the state as it is;
 *   <li>where {@code carried}, (N,states*units): the state before the first step, a constant for
 *       the gradient (truncated backpropagation through time).
 * </ul>
 *
 * Outputs: h after each step (N,T,units), and for the gradient the gates (N,T,gates*units), in the
 * first input's place where nothing else reads that, and what else the cell keeps
 * (N,T,blocks*units), if anything.
 *
 * @param reverse whether the last step comes first.
 */
public record Recurrence(Cell cell, boolean reverse, boolean masked, boolean carried)
    implements Op {
  @Override
  public String name() {
    return cell.label() + (reverse ? "_reverse" : "");
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    final int hiddenBias = cell.hasHiddenBias() ? 1 : 0;
    Types.requireCount(name(), inputs, 2 + hiddenBias + (masked ? 1 : 0) + (carried ? 1 : 0));
    final Shape x = inputs.get(0).shape();
    Types.requireFloat("input of " + name(), inputs.get(0));
    if (x.rank() != 3 || x.last() % cell.gates() != 0) {
      throw GradusException.mismatch(
          "shape of input of " + name(), "[N,steps," + cell.gates() + "*units]", x);
    }
    final int width = x.last();
    final int units = width / cell.gates();
    Types.requireSame(
        "weights of " + name(), TensorType.float32(Shape.of(units, width)), inputs.get(1));
    if (cell.hasHiddenBias()) {
      Types.requireSame("bias of " + name(), TensorType.float32(Shape.of(width)), inputs.get(2));
    }
    requireOptional(inputs, 2 + hiddenBias, x.withLast(units));
    final List<TensorType> outputs = new ArrayList<>();
    outputs.add(TensorType.float32(x.withLast(units)));
    outputs.add(inputs.get(0));
    if (cell.keptBlocks() > 0) {
      outputs.add(TensorType.float32(x.withLast(cell.keptBlocks() * units)));
    }
    return outputs;
  }

  /** Mask and state, from input {@code index} on. */
  void requireOptional(final List<TensorType> inputs, final int index, final Shape h) {
    if (masked) {
      Types.requireSame(
          "mask of " + name(), TensorType.float32(h.withoutLast()), inputs.get(index));
    }
    if (carried) {
      Types.requireSame(
          "state of " + name(),
          TensorType.float32(h.withoutLast().withLast(cell.stateBlocks() * h.last())),
          inputs.get(index + (masked ? 1 : 0)));
    }
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    if (dOutputs.stream().skip(1).anyMatch(Objects::nonNull)) {
      throw new GradusException(
          name() + " keeps values that have no gradient: expected=use of its first output alone");
    }
    final int hiddenBias = cell.hasHiddenBias() ? 1 : 0;
    final List<Value> optional = node.inputs().subList(2 + hiddenBias, node.inputs().size());
    final List<Value> operands = new ArrayList<>(List.of(dOutputs.get(0), node.input(1)));
    operands.addAll(node.outputs());
    operands.addAll(optional);
    final List<Value> dGates =
        graph.applyAll(RecurrenceGradient.of(this), operands.toArray(Value[]::new));
    final Value dProduct = dGates.get(dGates.size() - 1);
    final List<Value> states = new ArrayList<>(List.of(node.output()));
    if (carried) {
      states.add(optional.get(optional.size() - 1));
    }
    final Value before =
        graph.apply(new PreviousStep(reverse, carried), states.toArray(Value[]::new));
    final List<Value> dInputs = new ArrayList<>();
    dInputs.add(dGates.get(0));
    dInputs.add(graph.apply(MatMul.TRANSPOSE_A, before, dProduct));
    if (cell.hasHiddenBias()) {
      dInputs.add(graph.apply(new ColumnSum(), dProduct));
    }
    for (int i = 0; i < optional.size(); i++) {
      dInputs.add(null);
    }
    return dInputs;
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  @Override
  public int heir() {
    return 1;
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return RecurrenceStep.prepare(this, node, backend, capacity);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final Shape h = node.output().shape();
    return h.elements(rows) * (2L * h.last() * cell.gates() + cell.flops());
  }
}
