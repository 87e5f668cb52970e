package dev.gradus.bench.run;

import java.io.PrintWriter;
import java.util.Locale;

/** Says what was measured, and how long the rest takes. */
public final class Progress {
  private static final long HOUR = 3600;

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

  /** Says what comes, before the first part is done. */
  public void begin(final String what) {
    out.println(what + ", " + parts + " parts: about " + time(guessedSeconds * parts));
    out.flush();
  }

  private static String time(final double seconds) {
    final long whole = Math.round(seconds);
    return whole < HOUR
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / HOUR, whole % HOUR / 60, whole % 60);
  }

  /** One part is done. */
  public void done(final String what, final String result) {
    done++;
    final double seconds = (System.nanoTime() - start) / 1e9;
    // The first parts say little of the others.
    final double each = (seconds + 3 * guessedSeconds) / (done + 3);
    out.printf(
        Locale.ROOT,
        "%d/%d, %s left  %s: %s%n",
        done,
        parts,
        time(each * (parts - done)),
        what,
        result);
    out.flush();
  }
}
