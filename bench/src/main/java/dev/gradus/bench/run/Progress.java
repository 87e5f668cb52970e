package dev.gradus.bench.run;

import java.io.PrintWriter;
import java.util.Locale;

/** Says what was measured, and how long the rest takes. */
public final class Progress {
  private final PrintWriter out;
  private final int parts;
  private final long start = System.nanoTime();
  private final double guessedSeconds;
  private int done;

  /**
   * Begins.
   *
   * @param parts to come.
   * @param guessedSeconds for each, until some are done.
   */
  public Progress(final PrintWriter out, final int parts, final double guessedSeconds) {
    this.out = out;
    this.parts = parts;
    this.guessedSeconds = guessedSeconds;
  }

  /** One part is done. */
  public void done(final String what, final String result) {
    done++;
    final double seconds = (System.nanoTime() - start) / 1e9;
    // The first parts say little of the others.
    final double each = (seconds + 3 * guessedSeconds) / (done + 3);
    final long left = Math.round(each * (parts - done));
    out.printf(
        Locale.ROOT,
        "%d/%d, %d:%02d left  %s: %s%n",
        done,
        parts,
        left / 60,
        left % 60,
        what,
        result);
    out.flush();
  }
}
