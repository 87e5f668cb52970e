package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * Each step's predecessor: of (N,T,units), zeros and then all steps but the last; from the other
 * end where {@code reverse}. Where {@code carried}, the first {@code units} of each row of a second
 * input (N,states*units) stand in place of the zeros.
 */
public record PreviousStep(boolean reverse, boolean carried) implements Op {
  @Override
  public String name() {
    return "previous_step";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, carried ? 2 : 1);
    final Shape h = inputs.get(0).shape();
    Types.requireFloat("input of " + name(), inputs.get(0));
    if (h.rank() != 3) {
      throw GradusException.mismatch("shape of input of " + name(), "[N,steps,units]", h);
    }
    if (carried) {
      final Shape state = inputs.get(1).shape();
      Types.requireRank("state of " + name(), inputs.get(1), 2);
      if (state.rank() != 2 || state.dim(0) != h.dim(0) || state.last() % h.last() != 0) {
        throw GradusException.mismatch(
            "shape of state of " + name(), "[N,states*" + h.last() + "]", state);
      }
    }
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=first derivatives alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Rows(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Rows extends SequenceCopy {
    private final boolean reverse;
    private final long h;
    private final long state;
    private final long stateBytes;
    private final long out;

    Rows(final PreviousStep op, final Node node, final Backend backend, final Placement placement) {
      super(backend, node.output().shape());
      this.reverse = op.reverse;
      this.h = placement.input(0);
      this.state = op.carried ? placement.input(1) : 0;
      this.stateBytes = op.carried ? (long) node.input(1).shape().last() * Float.BYTES : 0;
      this.out = placement.output(0);
    }

    @Override
    void sequence(final long row) {
      final long moved = (steps - 1L) * features * Float.BYTES;
      final int shift = reverse ? 1 : 0;
      OffHeap.copy(at(h, row, shift), at(out, row, 1 - shift), moved);
      final long first = at(out, row, reverse ? steps - 1 : 0);
      if (state == 0) {
        zero(first, 1);
      } else {
        copy(state + row * stateBytes, first);
      }
    }
  }
}
