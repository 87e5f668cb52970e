package dev.gradus.nn;

import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.CountRun;
import dev.gradus.memory.GradusException;
import java.util.List;

/**
 * In training, sets elements to 0 at random and scales the others by {@code 1 / (1 - rate)}; in
 * prediction, nothing. What is dropped follows from the plan's seed, the layer and the step.
 *
 * <p>Source: Srivastava et al. 2014; whole channels: Tompson et al. 2015.
 *
 * @param rate the probability to drop, above 0 and below 1.
 * @param spatial whether to drop channels of (N,C,...) as a whole rather than single elements.
 */
public record Dropout(double rate, boolean spatial) implements Layer {
  public Dropout {
    dev.gradus.graph.op.Dropout.requireRate(name(spatial), rate);
  }

  /** Drops single elements. */
  public Dropout(final double rate) {
    this(rate, false);
  }

  private static String name(final boolean spatial) {
    return spatial ? "spatial_dropout" : "dropout";
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (spatial && input.shape().rank() < 3) {
      throw GradusException.mismatch(
          "shape of input of spatial_dropout", "[N,channels,...]", input.shape());
    }
    if (!scope.training()) {
      return input;
    }
    long repeat = 1;
    for (int axis = 2; spatial && axis < input.shape().rank(); axis++) {
      repeat *= input.shape().dim(axis);
    }
    final Value count = scope.state("steps", CountRun.COUNT);
    final Op drop =
        new dev.gradus.graph.op.Dropout(repeat, rate, scope.seed(), scope.nextRandomStream());
    final Value output = scope.graph().applyAll(drop, input, count).get(0);
    scope.graph().applyAll(new CountRun(), count);
    return output;
  }

  /** The layer that the argument {@code rate} describes. */
  static Layer parse(final boolean spatial, final List<String> arguments) {
    if (arguments.size() != 1) {
      throw GradusException.mismatch("arguments of " + name(spatial), "rate", arguments);
    }
    return new Dropout(Layers.decimal("rate of " + name(spatial), arguments.get(0)), spatial);
  }

  @Override
  public String describe() {
    return name(spatial) + "(" + rate + ")";
  }
}
