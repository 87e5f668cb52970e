package dev.gradus.tools.training;

import dev.gradus.tools.report.History;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A line for each epoch, where the output is no terminal. */
final class LineProgress implements Progress {
  private final PrintWriter out;
  private final int epochs;
  private final long startNanos = System.nanoTime();
  private long samples;

  LineProgress(final PrintWriter out, final int epochs) {
    this.out = out;
    this.epochs = epochs;
  }

  @Override
  public void step(final int rows, final float loss) {
    samples += rows;
  }

  @Override
  public void epoch(final int epoch, final History.Epoch scores) {
    final double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    out.printf(
        Locale.ROOT,
        "epoch %d/%d%s%s%s%s  %.0f samples/s  %.0f s left%n",
        epoch,
        epochs,
        figure("loss", scores.loss()),
        figure("accuracy", scores.accuracy()),
        figure("validation loss", scores.validationLoss()),
        figure("accuracy", scores.validationAccuracy()),
        samples / seconds,
        seconds / epoch * (epochs - epoch));
  }

  private static String figure(final String name, final double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "  %s %.4f", name, value);
  }

  @Override
  public void close() {
    // Each line ended itself.
  }
}
