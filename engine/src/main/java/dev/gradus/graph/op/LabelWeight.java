package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.NegativeLogLikelihood;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.parallel.WorkerTeam;
import java.util.List;

/** What each label counts, 0 where it is ignored: int32 (...) to float32 (...). */
public record LabelWeight(NegativeLogLikelihood function) implements Op {
  @Override
  public String name() {
    return "label_weight";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    if (inputs.get(0).dtype() != DType.INT32) {
      throw GradusException.mismatch(
          "element type of labels of " + name(), DType.INT32, inputs.get(0).dtype());
    }
    return List.of(TensorType.float32(inputs.get(0).shape()));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=use of labels alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Labels(node, backend.team(), placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private final class Labels extends RangeStep {
    private final Shape shape;
    private final long labels;
    private final long weights;

    Labels(final Node node, final WorkerTeam team, final Placement placement) {
      super(team);
      this.shape = node.output().shape();
      this.labels = placement.input(0);
      this.weights = placement.output(0);
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
      for (long i = from; i < to; i++) {
        final float weight = function.weight(OffHeap.getInt(labels + i * Integer.BYTES));
        OffHeap.setFloat(weights + i * Float.BYTES, weight);
      }
    }
  }
}
