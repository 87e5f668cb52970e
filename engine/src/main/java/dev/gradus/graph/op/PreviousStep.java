package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Fill;
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

  private static final class Rows extends RangeStep {
    private final boolean reverse;
    private final Fill fill;
    private final long rowBytes;
    private final long stepBytes;
    private final long units;
    private final long h;
    private final long state;
    private final long stateBytes;
    private final long out;
    private final Shape shape;

    Rows(final PreviousStep op, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.shape = node.output().shape();
      this.reverse = op.reverse;
      this.fill = Fill.of(backend.mode());
      this.units = shape.last();
      this.stepBytes = units * Float.BYTES;
      this.rowBytes = shape.rowElements() * Float.BYTES;
      this.h = placement.input(0);
      this.state = op.carried ? placement.input(1) : 0;
      this.stateBytes = op.carried ? (long) node.input(1).shape().last() * Float.BYTES : 0;
      this.out = placement.output(0);
    }

    @Override
    protected long units(final int rows) {
      return shape.elements(rows) / shape.rowElements();
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return shape.rowElements();
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long moved = rowBytes - stepBytes;
      for (long row = from; row < to; row++) {
        final long source = h + row * rowBytes;
        final long target = out + row * rowBytes;
        final long first = reverse ? target + moved : target;
        OffHeap.copy(
            reverse ? source + stepBytes : source, reverse ? target : target + stepBytes, moved);
        if (state == 0) {
          fill.run(first, 0f, units);
        } else {
          OffHeap.copy(state + row * stateBytes, first, stepBytes);
        }
      }
    }
  }
}
