package dev.gradus.tools.training;

import dev.gradus.kernel.ClassWeights;
import dev.gradus.loss.ClassLoss;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.plan.Engine;
import dev.gradus.tools.data.Classes;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.data.TrainingSet;
import dev.gradus.tools.report.AtomicFile;
import java.io.PrintWriter;

/** One training run, from files to files: everything is checked before anything is trained. */
public final class TrainingRun {
  private final TrainingOptions options;
  private final PrintWriter out;
  private final int columns;

  /**
   * Prepares a run.
   *
   * @param out for what a user reads.
   * @param columns of the terminal that {@code out} goes to; 0 where it is none.
   */
  public TrainingRun(final TrainingOptions options, final PrintWriter out, final int columns) {
    this.options = options;
    this.out = out;
    this.columns = columns;
  }

  /**
   * Trains, saves, scores.
   *
   * @throws dev.gradus.memory.GradusException where data, options or files don't allow it, or the
   *     loss is no longer a number; nothing is written then.
   */
  public Scores run() {
    final Source source =
        Source.forTraining(options.data(), options.csv(), options.test(), options.split());
    requireWritable();
    final MemoryAccount dataAccount = new MemoryAccount();
    try (Engine engine = Engine.open(options.engine());
        Task task =
            Task.open(
                dataAccount,
                source,
                options.network(),
                options.activation(),
                options.scaling(),
                options.isRegression(),
                options.splitSizes(),
                options.seed())) {
      final TrainingSet set = task.set();
      out.printf("engine   %s%n", engine.describe());
      out.printf(
          "data     %s: %d rows of %d features, %s; training %d, validation %d, test %d%n",
          source.name(),
          set.data().rows(),
          source.samples().features().width(),
          targets(task.classes()),
          set.partition().training().length,
          set.partition().validation().length,
          set.partition().test().length);
      final TrainingOptions balanced =
          options.balancedClasses()
              ? options.with(((ClassLoss) options.loss()).with(weights(set)))
              : options;
      return new TrainingSession(
              balanced, out, columns, engine, source.samples(), set, task.network())
          .run();
    }
  }

  private String targets(final Classes classes) {
    if (options.network().reconstructs()) {
      return "each its own target";
    }
    return classes == null ? "a number each" : classes.size() + " classes";
  }

  /** What evens out the classes of the training part. */
  private static ClassWeights weights(final TrainingSet set) {
    final long[] counts = new long[set.classes().size()];
    for (final int row : set.partition().training()) {
      counts[set.data().targets().getInt(row)]++;
    }
    return ClassWeights.balanced(counts);
  }

  private void requireWritable() {
    AtomicFile.requireWritable(options.model());
    AtomicFile.requireWritable(options.picture());
    if (options.report() != null) {
      AtomicFile.requireWritable(options.report());
    }
  }
}
