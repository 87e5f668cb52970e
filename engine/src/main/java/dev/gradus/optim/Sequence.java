package dev.gradus.optim;

import dev.gradus.memory.GradusException;

/** One schedule until it ends, then another, as PyTorch's {@code SequentialLR}. */
public record Sequence(Schedule first, Schedule next) implements Schedule {
  public Sequence {
    if (first.length() == UNENDING) {
      throw GradusException.mismatch(
          "schedule before " + next, "one that ends", first + ", which has no end");
    }
  }

  @Override
  public double factor(final long steps) {
    return steps < first.length() ? first.factor(steps) : next.factor(steps - first.length());
  }

  @Override
  public long length() {
    return next.length() == UNENDING ? UNENDING : first.length() + next.length();
  }

  @Override
  public void hear(final double metric) {
    first.hear(metric);
    next.hear(metric);
  }
}
