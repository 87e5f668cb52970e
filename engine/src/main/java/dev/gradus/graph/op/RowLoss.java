package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.RowLossFunction;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * A loss of each vector of the last dimension as a whole: predictions (..., n) and what the
 * function wants as targets, (...) or (..., n), to (...).
 */
public record RowLoss(RowLossFunction function) implements Op {
  @Override
  public String name() {
    return function.name();
  }

  /** The targets that go with predictions. */
  public static TensorType targetType(final RowLossFunction function, final TensorType prediction) {
    final TensorType rows = Types.rows("prediction of " + function.name(), prediction);
    return switch (function.target()) {
      case LABEL -> TensorType.int32(rows.shape());
      case NUMBER -> rows;
      case ROW -> prediction;
    };
  }

  /** The bytes of a row's target. */
  static long targetBytes(final RowLossFunction function, final int columns) {
    return function.target() == RowLossFunction.Target.ROW
        ? (long) columns * Float.BYTES
        : Float.BYTES;
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    final TensorType prediction = inputs.get(0);
    Types.requireSame("targets of " + name(), targetType(function, prediction), inputs.get(1));
    function.requireColumns(prediction.shape().last());
    return List.of(Types.rows("prediction of " + name(), prediction));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Op gradient = new RowLossGradient(function);
    return Arrays.asList(
        graph.apply(gradient, node.input(0), node.input(1), dOutputs.get(0)), null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 4 * node.input(0).shape().elements(rows);
  }

  private final class Rows extends RowStep {
    private final long prediction;
    private final long target;
    private final long targetBytes;
    private final long rowLoss;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.input(0).shape());
      this.prediction = placement.input(0);
      this.target = placement.input(1);
      this.targetBytes = targetBytes(function, columns);
      this.rowLoss = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long r = from; r < to; r++) {
        final double loss = function.loss(at(prediction, r), target + r * targetBytes, columns);
        OffHeap.setFloat(rowLoss + r * Float.BYTES, (float) loss);
      }
    }
  }
}
