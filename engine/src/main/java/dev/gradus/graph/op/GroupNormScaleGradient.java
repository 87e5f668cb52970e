package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Moments;
import dev.gradus.kernel.StandardizeColumns;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link GroupNorm} with respect to scale and shift. Inputs as {@link
 * GroupNormGradient}'s; of the scale only the shape counts. Outputs: {@code dScale = sum dY * (x -
 * mean) * inverse} and {@code dShift = sum dY}, over all that a scale is used for.
 */
public record GroupNormScaleGradient(GroupNorm norm) implements Op {
  @Override
  public String name() {
    return "group_norm_scale_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    GroupNormGradient.requireInputs(name(), norm, inputs);
    return List.of(inputs.get(2), inputs.get(2));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Channels(norm, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 5 * node.input(0).shape().elements(rows);
  }

  /** Units are the elements of the scale, each wholly on one thread. */
  private static final class Channels extends RangeStep {
    private final Shape shape;
    private final Moments moments;
    private final StandardizeColumns columns;
    private final int groups;
    private final long scales;
    private final long perGroup;
    private final long inner;
    private final long dY;
    private final long x;
    private final long mean;
    private final long inverse;
    private final long dScale;
    private final long dShift;

    Channels(
        final GroupNorm norm, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.shape = node.input(0).shape();
      this.moments = Moments.of(backend.mode());
      this.columns = StandardizeColumns.of(backend.mode());
      this.groups = norm.groups();
      this.scales = node.input(2).shape().elements(1);
      this.perGroup = scales / groups;
      long block = 1;
      for (int axis = 0; axis < norm.axes(); axis++) {
        block *= shape.dim(shape.rank() - 1 - axis);
      }
      this.inner = block / scales;
      this.dY = placement.input(0);
      this.x = placement.input(1);
      this.mean = placement.input(3);
      this.inverse = placement.input(4);
      this.dScale = placement.output(0);
      this.dShift = placement.output(1);
    }

    private long blocks(final int rows) {
      return shape.elements(rows) / (scales * inner);
    }

    @Override
    protected long units(final int rows) {
      return scales;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return blocks(rows) * inner;
    }

    @Override
    protected int chunkMultiple() {
      return inner == 1 ? super.chunkMultiple() : 1;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      if (inner > 1) {
        stretches(from, to, blocks(rows));
        return;
      }
      long first = from;
      while (first < to) { // one group after the other, as each has its own statistics
        final long group = first / perGroup;
        final long end = Math.min(to, (group + 1) * perGroup);
        columns.sumsByRow(
            dY,
            x,
            blocks(rows),
            scales,
            first,
            end,
            mean + group * Float.BYTES,
            inverse + group * Float.BYTES,
            (long) groups * Float.BYTES,
            dShift,
            dScale);
        first = end;
      }
    }

    private void stretches(final long from, final long to, final long blocks) {
      for (long channel = from; channel < to; channel++) {
        final long group = channel / perGroup;
        double sum = 0;
        double dot = 0;
        for (long block = 0; block < blocks; block++) {
          final long o = (block * scales + channel) * inner * Float.BYTES;
          final long statistics = (block * groups + group) * Float.BYTES;
          final float centre = OffHeap.getFloat(mean + statistics);
          final double deviation = OffHeap.getFloat(inverse + statistics);
          sum += moments.sum(dY + o, inner);
          dot += deviation * moments.dot(x + o, centre, dY + o, inner);
        }
        OffHeap.setFloat(dShift + channel * Float.BYTES, (float) sum);
        OffHeap.setFloat(dScale + channel * Float.BYTES, (float) dot);
      }
    }
  }
}
