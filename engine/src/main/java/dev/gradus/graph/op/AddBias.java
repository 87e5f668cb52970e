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

/** {@code x + bias}: x is (..., n), the bias (n) is added to each vector. */
public record AddBias() implements Op {
  static TensorType biasType(final TensorType x) {
    return TensorType.float32(Shape.of(x.shape().last()));
  }

  @Override
  public String name() {
    return "add_bias";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireRank("input of " + name(), inputs.get(0), 2);
    Types.requireSame("bias of " + name(), biasType(inputs.get(0)), inputs.get(1));
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value dOut = dOutputs.get(0);
    return List.of(dOut, graph.apply(new ColumnSum(), dOut));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  private static final class Rows extends RowStep {
    private final dev.gradus.kernel.AddBias kernel;
    private final long x;
    private final long bias;
    private final long out;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel = dev.gradus.kernel.AddBias.of(backend.mode());
      this.x = placement.input(0);
      this.bias = placement.input(1);
      this.out = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(at(x, from), bias, at(out, from), to - from, columns);
    }
  }
}
