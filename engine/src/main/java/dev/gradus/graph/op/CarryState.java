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
 * Keeps a {@link Recurrence}'s state for the next run. Inputs: the state (N,states*units), which is
 * overwritten, h (N,T,units), and of cells that have a c what the recurrence kept. No outputs.
 */
public record CarryState(Cell cell) implements Op {
  @Override
  public String name() {
    return "carry_state";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, cell.hasCellState() ? 3 : 2);
    Types.requireFloat("h of " + name(), inputs.get(1));
    final Shape h = inputs.get(1).shape();
    if (h.rank() != 3) {
      throw GradusException.mismatch("shape of h of " + name(), "[N,steps,units]", h);
    }
    Types.requireSame(
        "state of " + name(),
        TensorType.float32(h.withoutLast().withLast(cell.stateBlocks() * h.last())),
        inputs.get(0));
    if (cell.hasCellState()) {
      Types.requireSame(
          "kept values of " + name(),
          TensorType.float32(h.withLast(cell.keptBlocks() * h.last())),
          inputs.get(2));
    }
    return List.of();
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " has no output to differentiate");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        "copy",
        placement ->
            new SequenceCopy(backend, node.input(1).shape()) {
              private final long state = placement.input(0);
              private final long h = placement.input(1);
              private final long kept = cell.hasCellState() ? placement.input(2) : 0;

              @Override
              void sequence(final long row) {
                final long next = vector(state, row * cell.stateBlocks());
                copy(at(h, row, steps - 1), next);
                if (cell.hasCellState()) {
                  final long end = (row + 1) * steps * cell.keptBlocks();
                  copy(vector(kept, end - 1), vector(next, 1));
                }
              }
            });
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  @Override
  public boolean mutates(final int input) {
    return input == 0;
  }
}
