package dev.gradus.tools.training;

import dev.gradus.memory.GradusException;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.scoring.Figure;
import dev.gradus.tools.scoring.Score;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * A run for each split that the data say, and what their tests say together: the figure that papers
 * report.
 */
public final class SplitRuns {
  private SplitRuns() {}

  /** What a user asked for, for one of the splits. */
  public interface OptionsOf {
    TrainingOptions split(int split);
  }

  /**
   * Trains on all splits.
   *
   * @param data their folder.
   * @throws GradusException where the data say no splits, or a run fails.
   */
  public static void run(final String data, final OptionsOf options, final PrintWriter out) {
    final int splits = Source.splits(data);
    if (splits == 0) {
      throw GradusException.mismatch("data with --split", "a folder that says its splits", data);
    }
    final double[] figures = new double[splits];
    String name = "";
    for (int split = 0; split < splits; split++) {
      final PrintWriter silent = new PrintWriter(PrintWriter.nullWriter());
      final Score test = new TrainingRun(options.split(split), silent, 0).run().test();
      final Figure figure = test.figure();
      name = figure.label();
      figures[split] = figure.value();
      out.printf("split %d     test %s%n", split, test);
      out.flush();
    }
    final double mean = mean(figures);
    out.printf(
        Locale.ROOT,
        "%d splits    test %s %.6g, standard error %.2g%n",
        splits,
        name,
        mean,
        standardError(figures, mean));
    out.flush();
  }

  private static double mean(final double[] figures) {
    double sum = 0;
    for (final double figure : figures) {
      sum += figure;
    }
    return sum / figures.length;
  }

  /** Of the mean, from the unbiased variance; NaN for one figure. */
  private static double standardError(final double[] figures, final double mean) {
    double squares = 0;
    for (final double figure : figures) {
      squares += (figure - mean) * (figure - mean);
    }
    return Math.sqrt(squares / (figures.length - 1) / figures.length);
  }
}
