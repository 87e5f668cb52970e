package dev.gradus.optim;

import dev.gradus.memory.GradusException;

/**
 * Multiplies the rate by {@code gamma} once the metric has not fallen for more than {@code
 * patience} epochs. As PyTorch's {@code ReduceLROnPlateau}: a fall counts where the metric is below
 * {@code best * (1 - threshold)}; after a cut, {@code coolDown} epochs don't count.
 */
public final class ReduceOnPlateau implements Schedule {
  private final double gamma;
  private final int patience;
  private final double threshold;
  private final int coolDown;
  private final double least;
  private double factor = 1;
  private double best = Double.POSITIVE_INFINITY;
  private int bad;
  private int cooling;

  /**
   * Starts at 1.
   *
   * @param gamma above 0, below 1; 0.1 is usual.
   * @param patience epochs, 0 or more; 10 is usual.
   * @param threshold 0 or more, below 1; 1e-4 is usual.
   * @param coolDown epochs, 0 or more.
   * @param least factor, 0 or more.
   */
  public ReduceOnPlateau(
      final double gamma,
      final int patience,
      final double threshold,
      final int coolDown,
      final double least) {
    if (!(gamma > 0 && gamma < 1)) {
      throw GradusException.outOfRange("gamma of plateau", "above 0, below 1", gamma);
    }
    if (patience < 0 || coolDown < 0) {
      throw GradusException.outOfRange(
          "patience and cool-down of plateau", "0 or more", patience + " and " + coolDown);
    }
    Settings.requireFraction("threshold of plateau", threshold);
    Settings.requireNotNegative("least factor of plateau", least);
    this.gamma = gamma;
    this.patience = patience;
    this.threshold = threshold;
    this.coolDown = coolDown;
    this.least = least;
  }

  @Override
  public double factor(final long steps) {
    return factor;
  }

  @Override
  public void hear(final double metric) {
    if (metric < best * (1 - threshold)) {
      best = metric;
      bad = 0;
    } else {
      bad++;
    }
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    if (bad > patience) {
      factor = Math.max(factor * gamma, least);
      cooling = coolDown;
      bad = 0;
    }
  }

  @Override
  public String toString() {
    return "ReduceOnPlateau[gamma=" + gamma + ", patience=" + patience + "]";
  }
}
