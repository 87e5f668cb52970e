package dev.gradus.optim;

import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a network descends: an optimizer, perhaps others for some of the parameters, what is done to
 * gradients before the update and with the weights behind it. An immutable description:
 *
 * <pre>{@code
 * Descent.of(new AdamW(0.001))
 *     .withGroup("*.bias", new AdamW(0.001, 0.9, 0.999, 1e-8, 0)) // no decay
 *     .withClipNorm(1)
 *     .withAverage(0.999)
 * }</pre>
 *
 * In each step the penalty's gradient is added first; then, where batches are accumulated, the sum
 * so far; then values are clipped, then the norm; then parameters are updated, then clipped, then
 * averaged.
 *
 * @param optimizer of all parameters that no group has.
 * @param groups parameters with an optimizer of their own, or frozen; the first that fits counts.
 * @param l1 strength of a penalty on the absolute values of trained parameters, 0 for none. What is
 *     squared (L2) or decoupled is the optimizers' own weight decay.
 * @param clipValue the largest magnitude of an element of a gradient; infinity for no limit.
 * @param clipNorm the largest Euclidean norm of all gradients together; infinity for no limit.
 * @param accumulation batches whose gradients are averaged for one update, 1 or more.
 * @param averageDecay of an exponential moving average of the weights, below 1; 0 for none.
 * @param weightClip the largest magnitude of a trained weight, as a Wasserstein critic needs one
 *     (Arjovsky et al. 2017); infinity for no limit.
 */
public record Descent(
    Optimizer optimizer,
    List<Group> groups,
    double l1,
    double clipValue,
    double clipNorm,
    int accumulation,
    double averageDecay,
    double weightClip) {

  /**
   * Parameters by name.
   *
   * @param names of parameters, {@code *} standing for any text: {@code 0.*}, {@code *.bias}.
   * @param optimizer theirs, or null where they stay as they are.
   */
  public record Group(String names, Optimizer optimizer) {
    boolean holds(final Value parameter) {
      final String pattern = "\\Q" + names.replace("*", "\\E.*\\Q") + "\\E";
      return Pattern.matches(pattern, parameter.name());
    }
  }

  public Descent {
    groups = List.copyOf(groups);
    Settings.requireNotNegative("strength of l1", l1);
    requireLimit("value of gradients", clipValue);
    requireLimit("norm of gradients", clipNorm);
    requireLimit("value of weights", weightClip);
    Settings.requireFraction("decay of average", averageDecay);
    if (accumulation < 1) {
      throw GradusException.outOfRange("accumulated batches", "1 or more", accumulation);
    }
  }

  private static void requireLimit(final String what, final double limit) {
    if (!(limit > 0)) {
      throw GradusException.outOfRange("largest " + what, "above 0", limit);
    }
  }

  /** One optimizer for all, and nothing else. */
  public static Descent of(final Optimizer optimizer) {
    final double none = Double.POSITIVE_INFINITY;
    return new Descent(optimizer, List.of(), 0, none, none, 1, 0, none);
  }

  /** With an optimizer of their own for some parameters. */
  public Descent withGroup(final String names, final Optimizer theirs) {
    final List<Group> more = new ArrayList<>(groups);
    more.add(new Group(names, theirs));
    return new Descent(
        optimizer, more, l1, clipValue, clipNorm, accumulation, averageDecay, weightClip);
  }

  /** With some parameters left as they are. */
  public Descent withFrozen(final String names) {
    return withGroup(names, null);
  }

  /** With a penalty on absolute values. */
  public Descent withL1(final double strength) {
    return new Descent(
        optimizer, groups, strength, clipValue, clipNorm, accumulation, averageDecay, weightClip);
  }

  /** With a limit to each element of a gradient. */
  public Descent withClipValue(final double limit) {
    return new Descent(
        optimizer, groups, l1, limit, clipNorm, accumulation, averageDecay, weightClip);
  }

  /** With a limit to the norm of all gradients together. */
  public Descent withClipNorm(final double limit) {
    return new Descent(
        optimizer, groups, l1, clipValue, limit, accumulation, averageDecay, weightClip);
  }

  /** With an update for each so many batches. */
  public Descent withAccumulation(final int batches) {
    return new Descent(
        optimizer, groups, l1, clipValue, clipNorm, batches, averageDecay, weightClip);
  }

  /** With a moving average of the weights, which a training plan copies out. */
  public Descent withAverage(final double decay) {
    return new Descent(optimizer, groups, l1, clipValue, clipNorm, accumulation, decay, weightClip);
  }

  /** With a limit to each trained weight, kept behind each update. */
  public Descent withWeightClip(final double limit) {
    return new Descent(
        optimizer, groups, l1, clipValue, clipNorm, accumulation, averageDecay, limit);
  }

  /**
   * Those of the parameters that are trained.
   *
   * @throws GradusException where a group has none of them, or all are frozen.
   */
  public List<Value> trained(final List<Value> parameters) {
    for (final Group group : groups) {
      if (parameters.stream().noneMatch(group::holds)) {
        throw GradusException.mismatch(
            "parameters of group " + group.names,
            "one or more of " + parameters.stream().map(Value::name).toList(),
            "none");
      }
    }
    final List<Value> trained =
        parameters.stream().filter(parameter -> optimizerOf(parameter) != null).toList();
    if (trained.isEmpty() && !parameters.isEmpty()) {
      throw GradusException.mismatch("parameters to train", "one or more", "all are frozen");
    }
    return trained;
  }

  /** The optimizer of a parameter, null where it is frozen. */
  Optimizer optimizerOf(final Value parameter) {
    for (final Group group : groups) {
      if (group.holds(parameter)) {
        return group.optimizer;
      }
    }
    return optimizer;
  }
}
