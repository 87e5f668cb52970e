package dev.gradus.train;

import dev.gradus.memory.GradusException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Ends a run with the first step that ends after a time. */
public final class TimeBudget implements Stopping {
  private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final double seconds;
  private final LongSupplier clock;
  private long startNanos;

  /**
   * A limit.
   *
   * @param seconds from the beginning of the run, above 0.
   */
  public TimeBudget(final double seconds) {
    this(seconds, System::nanoTime);
  }

  TimeBudget(final double seconds, final LongSupplier clock) {
    if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("most seconds", "above 0", seconds);
    }
    this.seconds = seconds;
    this.clock = clock;
  }

  @Override
  public void begin() {
    startNanos = clock.getAsLong();
  }

  @Override
  public String afterStep(final long step, final float loss) {
    return (clock.getAsLong() - startNanos) / SECOND_NANOS < seconds
        ? null
        : String.format(Locale.ROOT, "%.6g seconds are over", seconds);
  }
}
