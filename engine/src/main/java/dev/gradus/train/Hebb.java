package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/**
 * Hebb's rule: {@code w += rate * y * x} with {@code y = w x}, row by row: w grows along what its
 * inputs have in common. Without a limit it grows forever; normalised, {@code w / |w|} is kept
 * after each row.
 *
 * <p>Source: Hebb, "The organization of behavior", 1949.
 *
 * @param rate above 0.
 * @param normalised whether w keeps a length of 1.
 */
public record Hebb(double rate, boolean normalised) {
  public Hebb {
    Settings.requirePositive("rate of Hebb's rule", rate);
  }

  /**
   * Goes once through all rows.
   *
   * @param features (rows, n).
   * @param weights n floats, not all zero: a tensor (n), or {@code 0.weight} of {@code dense(1)}.
   * @return the mean of y^2.
   * @throws GradusException where shapes don't fit, or weights would no longer be finite; nothing
   *     has changed then.
   */
  public double pass(final Tensor features, final Tensor weights) {
    final Neuron neuron = Neuron.of(features, weights);
    double sum = 0;
    for (long row = 0; row < neuron.rows(); row++) {
      final double y = neuron.activate(row);
      neuron.add(rate * y, 0);
      if (normalised) {
        neuron.normalise();
      }
      sum += y * y;
    }
    neuron.write("Hebb's rule");
    return sum / neuron.rows();
  }
}
