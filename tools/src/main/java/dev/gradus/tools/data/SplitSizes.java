package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;

/**
 * How many of the rows serve what, in percent.
 *
 * @param training above 0.
 * @param validation 0 or more.
 * @param test 0 or more; all three together are 100.
 */
public record SplitSizes(int training, int validation, int test) {
  private static final int ALL = 100;

  public SplitSizes {
    if (training < 1 || validation < 0 || test < 0 || training + validation + test != ALL) {
      throw mismatch(training + "/" + validation + "/" + test);
    }
  }

  /** Reads {@code 80/0/20}, or {@code 90/10} where there is no test or the data bring their own. */
  public static SplitSizes parse(final String text) {
    final String[] words = text.strip().split("/", -1);
    if (words.length < 2 || words.length > 3) {
      throw mismatch(text);
    }
    return new SplitSizes(
        percent(words[0], text),
        percent(words[1], text),
        words.length == 3 ? percent(words[2], text) : 0);
  }

  private static int percent(final String word, final String text) {
    if (!word.strip().matches("[0-9]{1,3}")) {
      throw mismatch(text);
    }
    return Integer.parseInt(word.strip());
  }

  private static GradusException mismatch(final String actual) {
    return GradusException.mismatch(
        "split sizes",
        "training/validation/test in percent, 100 together, training above 0, as 80/0/20",
        actual);
  }
}
