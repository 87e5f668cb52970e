package dev.gradus.tools.training;

import dev.gradus.tools.report.History;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/** A bar on a terminal: share done, loss, accuracy, samples/s, time left. */
final class BarProgress implements Progress {
  private static final int INTERVAL_MILLIS = 100;
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS);
  private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int SHORTEST_BAR = 5;
  private static final int LONGEST_BAR = 40;

  /** Weight of the last step in the loss shown, and of the last interval in the speed shown. */
  private static final double LOSS_WEIGHT = 0.05;

  private static final double SPEED_WEIGHT = 0.3;

  private final ProgressBar bar;
  private final String done;
  private final String open;
  private final int epochs;
  private final long samples;
  private int epoch = 1;
  private double loss = Double.NaN;
  private double accuracy = Double.NaN;
  private double samplesPerSecond = Double.NaN;
  private long seen;
  private long seenBefore;
  private long shownNanos = System.nanoTime();

  /**
   * Begins a bar.
   *
   * @param samples of the whole run.
   * @param columns of the terminal.
   */
  BarProgress(final PrintStream out, final int epochs, final long samples, final int columns) {
    this.epochs = epochs;
    this.samples = samples;
    final boolean unicode = out.charset().equals(StandardCharsets.UTF_8);
    this.done = unicode ? "\u2588" : "#";
    this.open = unicode ? "\u2591" : ".";
    this.bar =
        new ProgressBarBuilder()
            .setInitialMax(samples)
            .setUpdateIntervalMillis(INTERVAL_MILLIS)
            .setRenderer(this::render)
            // Given the width, it asks no terminal library for it.
            .setConsumer(new ConsoleProgressBarConsumer(out, columns))
            .build();
  }

  /** On the bar's own thread: the message as it is, the bar in what is left of the line. */
  private String render(final ProgressState state, final int maxLength) {
    final String message = state.getExtraMessage();
    final double share = state.getMax() == 0 ? 1 : (double) state.getCurrent() / state.getMax();
    final String percent = String.format(Locale.ROOT, "%3.0f %% ", 100 * share);
    final int room = maxLength - message.length() - percent.length() - 1;
    final int length = Math.clamp(room, SHORTEST_BAR, LONGEST_BAR);
    final int full = (int) Math.round(share * length);
    final String line = percent + done.repeat(full) + open.repeat(length - full) + message;
    return line.length() <= maxLength ? line : line.substring(0, maxLength);
  }

  @Override
  public void step(final int rows, final float stepLoss) {
    seen += rows;
    bar.stepTo(seen);
    loss = Double.isNaN(loss) ? stepLoss : loss + LOSS_WEIGHT * (stepLoss - loss);
    final long now = System.nanoTime();
    if (now - shownNanos >= INTERVAL_NANOS) {
      show(now);
    }
  }

  private void show(final long now) {
    final double speed = (seen - seenBefore) * SECOND_NANOS / Math.max(1, now - shownNanos);
    samplesPerSecond =
        Double.isNaN(samplesPerSecond)
            ? speed
            : samplesPerSecond + SPEED_WEIGHT * (speed - samplesPerSecond);
    shownNanos = now;
    seenBefore = seen;
    final long left = (long) Math.ceil((samples - seen) / Math.max(1, samplesPerSecond));
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " %d/%d  loss %.4f%s  %.0f samples/s  %d:%02d left",
            epoch,
            epochs,
            loss,
            Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, "  acc %.4f", accuracy),
            samplesPerSecond,
            left / 60,
            left % 60));
  }

  @Override
  public void epoch(final int number, final History.Epoch scores) {
    accuracy = scores.validationAccuracy();
    epoch = Math.min(number + 1, epochs);
    if (number == epochs) {
      show(System.nanoTime());
    }
  }

  @Override
  public void close() {
    bar.close();
  }
}
