package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/**
 * Oja's rule: {@code w += rate * y * (x - y * w)} with {@code y = w x}, row by row. With a small
 * rate, w goes to a length of 1 along the first principal component of rows that are centred.
 *
 * <p>Source: Oja, "A simplified neuron model as a principal component analyzer", 1982.
 *
 * @param rate above 0; well below the inverse of the largest {@code |x|^2}, or w diverges.
 */
public record Oja(double rate) {
  public Oja {
    Settings.requirePositive("rate of Oja's rule", rate);
  }

  /**
   * Goes once through all rows.
   *
   * @param features (rows, n).
   * @param weights n floats, not all zero: a tensor (n), or {@code 0.weight} of {@code dense(1)}.
   * @return the mean of y^2: with centred rows and w at rest, the component's variance.
   * @throws GradusException where shapes don't fit, or weights would no longer be finite; nothing
   *     has changed then.
   */
  public double pass(final Tensor features, final Tensor weights) {
    final Neuron neuron = Neuron.of(features, weights);
    double sum = 0;
    for (long row = 0; row < neuron.rows(); row++) {
      final double y = neuron.activate(row);
      neuron.add(rate * y, -rate * y * y);
      sum += y * y;
    }
    neuron.write("Oja's rule");
    return sum / neuron.rows();
  }
}
