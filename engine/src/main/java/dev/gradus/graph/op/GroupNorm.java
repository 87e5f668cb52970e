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
 * Normalises each group of neighbouring elements of x by its own statistics: {@code y = (x - mean)
 * / sqrt(variance + epsilon) * scale + shift}. The last {@code axes} dimensions of x are a block,
 * cut into {@code groups} equal ones. Inputs: x; scale and shift, of the shape of the block or of
 * its first dimension, the channels. Outputs: y; mean and {@code 1 / sqrt(variance + epsilon)} of
 * each group (...,groups).
 *
 * <ul>
 *   <li>Group normalisation: a block of all dimensions but the batch, scale by channels.
 *   <li>Layer normalisation: one group, scale by elements.
 *   <li>RMS normalisation: that, not centred: the mean is taken as 0, and there is no shift.
 * </ul>
 *
 * <p>Source: Wu and He 2018; Ba, Kiros and Hinton 2016; Zhang and Sennrich 2019.
 */
public record GroupNorm(int axes, int groups, boolean centred, double epsilon) implements Op {
  public GroupNorm {
    BatchNorm.requireEpsilon("group_norm", epsilon);
    if (axes < 1) {
      throw GradusException.outOfRange("axes of group_norm", "1 or more", axes);
    }
    if (groups < 1) {
      throw GradusException.outOfRange("groups of group_norm", "1 or more", groups);
    }
  }

  @Override
  public String name() {
    return "group_norm";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, centred ? 3 : 2);
    final TensorType x = inputs.get(0);
    requireScale(name(), x, inputs.get(1));
    if (centred) {
      Types.requireSame("shift of " + name(), inputs.get(1), inputs.get(2));
    }
    return List.of(x, statistics(x), statistics(x));
  }

  /** Checks the block of x, its groups, and the scale. */
  void requireScale(final String what, final TensorType x, final TensorType scale) {
    Types.requireRank("input of " + what, x, axes + 1);
    final int[] block = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      block[axis] = x.shape().dim(x.shape().rank() - axes + axis);
    }
    final TensorType elements = TensorType.float32(Shape.of(block));
    if (!scale.equals(elements)) {
      Types.requireSame("scale of " + what, TensorType.float32(Shape.of(block[0])), scale);
    }
    if (block[0] % groups != 0) {
      throw GradusException.mismatch(
          "groups of " + what, "a divisor of " + block[0] + " channels", groups);
    }
    if (groups > 1 && axes > 1 && scale.equals(elements)) {
      throw GradusException.mismatch(
          "scale of " + what, "one for each of " + block[0] + " channels", scale);
    }
  }

  /** The type of mean and inverse deviation. */
  TensorType statistics(final TensorType x) {
    Shape leading = x.shape();
    for (int axis = 0; axis < axes; axis++) {
      leading = leading.withoutLast();
    }
    return TensorType.float32(leading.withAppended(groups));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    Types.requireOnlyFirst(name(), dOutputs);
    final Value dY = dOutputs.get(0);
    final Value x = node.input(0);
    final Value scale = node.input(1);
    final Value mean = node.outputs().get(1);
    final Value inverse = node.outputs().get(2);
    final Value dX = graph.apply(new GroupNormGradient(this), dY, x, scale, mean, inverse);
    final List<Value> dParameters =
        graph.applyAll(new GroupNormScaleGradient(this), dY, x, scale, mean, inverse);
    return centred
        ? List.of(dX, dParameters.get(0), dParameters.get(1))
        : List.of(dX, dParameters.get(0));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Groups(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 7 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  private static final class Groups extends GroupStep {
    private final GroupNorm op;
    private final long x;
    private final long scale;
    private final long shift;
    private final long y;
    private final long mean;
    private final long inverse;

    Groups(final GroupNorm op, final Node node, final Backend backend, final Placement placement) {
      super(backend, op, node.input(0).shape(), node.input(1).shape());
      this.op = op;
      this.x = placement.input(0);
      this.scale = placement.input(1);
      this.shift = op.centred ? placement.input(2) : 0;
      this.y = placement.output(0);
      this.mean = placement.output(1);
      this.inverse = placement.output(2);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long group = from; group < to; group++) {
        final long first = x + group * length * Float.BYTES;
        final float centre = op.centred ? (float) (moments.sum(first, length) / length) : 0;
        final double variance = moments.squares(first, length, centre) / length;
        final float factor = (float) (1 / Math.sqrt(variance + op.epsilon));
        OffHeap.setFloat(mean + group * Float.BYTES, centre);
        OffHeap.setFloat(inverse + group * Float.BYTES, factor);
        write(group, centre, factor);
      }
    }

    private void write(final long group, final float centre, final float factor) {
      final long o = group * length * Float.BYTES;
      final long c = firstChannel(group) * Float.BYTES;
      if (inner == 1) {
        stretches.run(x + o, centre, factor, scale + c, shift == 0 ? 0 : shift + c, y + o, length);
        return;
      }
      for (long i = 0; i < channels; i++) {
        final long at = o + i * inner * Float.BYTES;
        final long channel = c + i * Float.BYTES;
        final float add = shift == 0 ? 0 : OffHeap.getFloat(shift + channel);
        final float multiply = factor * OffHeap.getFloat(scale + channel);
        stretches.run(x + at, centre, multiply, add, y + at, inner);
      }
    }
  }
}
