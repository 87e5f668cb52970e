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
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link GroupNorm} with respect to x. Inputs: dY, x, scale, mean and {@code
 * inverse = 1 / sqrt(variance + epsilon)}. With {@code g = dY * scale} and sums over a group of n
 * elements:
 *
 * <pre>{@code
 * dX = inverse * (g - sum(g) / n - (x - mean) * inverse^2 * sum(g * (x - mean)) / n)
 * }</pre>
 *
 * Where the norm is not centred, the second term is left out.
 */
public record GroupNormGradient(GroupNorm norm) implements Op {
  @Override
  public String name() {
    return "group_norm_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    requireInputs(name(), norm, inputs);
    return List.of(inputs.get(0));
  }

  /** Checks dY, x, scale, mean and inverse deviation. */
  static void requireInputs(
      final String name, final GroupNorm norm, final List<TensorType> inputs) {
    Types.requireCount(name, inputs, 5);
    Types.requireSame("second input of " + name, inputs.get(0), inputs.get(1));
    norm.requireScale(name, inputs.get(1), inputs.get(2));
    final TensorType statistics = norm.statistics(inputs.get(1));
    Types.requireSame("mean of " + name, statistics, inputs.get(3));
    Types.requireSame("inverse deviation of " + name, statistics, inputs.get(4));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Groups(norm, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 11 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input < 2;
  }

  private static final class Groups extends GroupStep {
    private final boolean centred;
    private final long dY;
    private final long x;
    private final long scale;
    private final long mean;
    private final long inverse;
    private final long dX;

    Groups(
        final GroupNorm norm, final Node node, final Backend backend, final Placement placement) {
      super(backend, norm, node.input(0).shape(), node.input(2).shape());
      this.centred = norm.centred();
      this.dY = placement.input(0);
      this.x = placement.input(1);
      this.scale = placement.input(2);
      this.mean = placement.input(3);
      this.inverse = placement.input(4);
      this.dX = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long group = from; group < to; group++) {
        final float centre = OffHeap.getFloat(mean + group * Float.BYTES);
        final float deviation = OffHeap.getFloat(inverse + group * Float.BYTES);
        if (inner == 1) {
          elements(group, centre, deviation);
        } else {
          stretches(group, centre, deviation);
        }
      }
    }

    /** A scale for each element. */
    private void elements(final long group, final float centre, final float deviation) {
      final long o = group * length * Float.BYTES;
      final long factors = scale + firstChannel(group) * Float.BYTES;
      final double sum = centred ? moments.dot(dY + o, 0f, factors, length) : 0;
      final double dot = moments.dot(x + o, centre, dY + o, factors, length);
      stretches.gradient(
          dY + o,
          deviation,
          factors,
          x + o,
          centre,
          slope(dot, deviation),
          offset(sum, deviation),
          dX + o,
          length);
    }

    /** A scale for each channel. */
    private void stretches(final long group, final float centre, final float deviation) {
      final long o = group * length * Float.BYTES;
      final long factors = scale + firstChannel(group) * Float.BYTES;
      double sum = 0;
      double dot = 0;
      for (long i = 0; i < channels; i++) {
        final long at = o + i * inner * Float.BYTES;
        final double factor = OffHeap.getFloat(factors + i * Float.BYTES);
        sum += centred ? factor * moments.sum(dY + at, inner) : 0;
        dot += factor * moments.dot(x + at, centre, dY + at, inner);
      }
      for (long i = 0; i < channels; i++) {
        final long at = o + i * inner * Float.BYTES;
        stretches.gradient(
            dY + at,
            deviation * OffHeap.getFloat(factors + i * Float.BYTES),
            x + at,
            centre,
            slope(dot, deviation),
            offset(sum, deviation),
            dX + at,
            inner);
      }
    }

    private float slope(final double dot, final double deviation) {
      return (float) (deviation * deviation * deviation * dot / length);
    }

    private float offset(final double sum, final double deviation) {
      return (float) (deviation * sum / length);
    }
  }
}
