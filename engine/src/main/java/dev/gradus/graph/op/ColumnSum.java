package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** The sum over all dimensions but the last: (..., n) to (n). The gradient of a bias. */
public record ColumnSum() implements Op {
  @Override
  public String name() {
    return "column_sum";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireRank("input of " + name(), inputs.get(0), 2);
    return List.of(AddBias.biasType(inputs.get(0)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new BroadcastRows(), dOutputs.get(0), node.input(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final dev.gradus.kernel.ColumnSum kernel = dev.gradus.kernel.ColumnSum.of(backend.mode());
    return new Prepared(
        backend.mode() + " " + name(),
        placement -> new Columns(backend, kernel, node.input(0).shape(), placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(0).shape().elements(rows);
  }

  private static final class Columns extends RangeStep {
    private final dev.gradus.kernel.ColumnSum kernel;
    private final Shape shape;
    private final int columns;
    private final long x;
    private final long out;

    Columns(
        final Backend backend,
        final dev.gradus.kernel.ColumnSum kernel,
        final Shape shape,
        final Placement placement) {
      super(backend.team());
      this.kernel = kernel;
      this.shape = shape;
      this.columns = shape.last();
      this.x = placement.input(0);
      this.out = placement.output(0);
    }

    @Override
    protected long units(final int rows) {
      return columns;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return shape.vectors(rows);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(x, shape.vectors(rows), columns, from, to, out);
    }
  }
}
