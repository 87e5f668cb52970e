package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;

/**
 * Ends a run whose parameters w have come to rest: {@code |w - w before the epoch| < epsilon * |w|}
 * in Euclidean norms. Keeps a copy of them.
 */
public final class ParameterChange implements Stopping, AutoCloseable {
  private final Parameters parameters;
  private final Parameters before;
  private final double epsilon;

  /**
   * Watches parameters.
   *
   * @param network theirs.
   * @param epsilon above 0.
   */
  public ParameterChange(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final double epsilon) {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("least change of parameters", "above 0", epsilon);
    }
    this.parameters = parameters;
    this.epsilon = epsilon;
    this.before = Parameters.zeros(engine, network);
  }

  @Override
  public void begin() {
    before.copyFrom(parameters);
  }

  @Override
  public String afterEpoch(final int epoch, final double loss, final double metric) {
    double change = 0;
    double norm = 0;
    for (final String name : parameters.names()) {
      final Tensor now = parameters.tensor(name);
      final Tensor then = before.tensor(name);
      for (long i = 0; i < now.elements(); i++) {
        final double value = now.get(i);
        final double difference = value - then.get(i);
        change += difference * difference;
        norm += value * value;
      }
    }
    before.copyFrom(parameters);
    return change < epsilon * epsilon * norm
        ? "parameters changed by less than " + epsilon + " of their norm in epoch " + epoch
        : null;
  }

  /** Frees the copy. */
  @Override
  public void close() {
    before.close();
  }
}
