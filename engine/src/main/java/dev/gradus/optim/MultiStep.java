package dev.gradus.optim;

import dev.gradus.memory.GradusException;
import java.util.Arrays;

/** {@code gamma^(milestones reached)}. As PyTorch's {@code MultiStepLR}. */
public final class MultiStep implements Schedule {
  private final double gamma;
  private final long[] milestones;

  /**
   * Falls at each milestone.
   *
   * @param gamma 0 or more; 0.1 is usual.
   * @param milestones numbers of steps, growing, at least one.
   */
  public MultiStep(final double gamma, final long... milestones) {
    Settings.requireNotNegative("gamma of multistep", gamma);
    boolean grows = milestones.length > 0;
    for (int i = 0; i < milestones.length; i++) {
      grows &= milestones[i] > (i == 0 ? 0 : milestones[i - 1]);
    }
    if (!grows) {
      throw GradusException.mismatch(
          "milestones of multistep", "growing numbers of steps", Arrays.toString(milestones));
    }
    this.gamma = gamma;
    this.milestones = milestones.clone();
  }

  @Override
  public double factor(final long steps) {
    int reached = 0;
    while (reached < milestones.length && steps >= milestones[reached]) {
      reached++;
    }
    return Settings.power(gamma, reached);
  }

  @Override
  public long length() {
    return milestones[milestones.length - 1];
  }

  @Override
  public String toString() {
    return "MultiStep[gamma=" + gamma + ", milestones=" + Arrays.toString(milestones) + "]";
  }
}
