package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Scale;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** A tensor times the one number of a second of shape [1]. */
public record ScaleBy() implements Op {
  @Override
  public String name() {
    return "scale_by";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireFloat("first input of " + name(), inputs.get(0));
    Types.requireSame("second input of " + name(), Types.SCALAR, inputs.get(1));
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=use on gradients alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Elements(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  private static final class Elements extends RangeStep {
    private final Scale scale;
    private final Shape shape;
    private final long x;
    private final long factor;
    private final long y;

    Elements(final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.scale = Scale.of(backend.mode());
      this.shape = node.output().shape();
      this.x = placement.input(0);
      this.factor = placement.input(1);
      this.y = placement.output(0);
    }

    @Override
    protected long units(final int rows) {
      return shape.elements(rows);
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return 1;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long offset = from * Float.BYTES;
      scale.run(x + offset, y + offset, to - from, OffHeap.getFloat(factor));
    }
  }
}
