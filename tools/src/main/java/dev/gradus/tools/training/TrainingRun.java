package dev.gradus.tools.training;

import dev.gradus.kernel.ClassWeights;
import dev.gradus.loss.ClassLoss;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.tools.data.Classes;
import dev.gradus.tools.data.Features;
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
    final Features features = source.samples().features();
    final Classes classes =
        options.isRegression() ? null : TrainingSet.classes(source, outputs(features));
    final boolean reconstructs = options.network().reconstructs();
    requireWritable();
    final MemoryAccount dataAccount = new MemoryAccount();
    try (Engine engine = Engine.open(options.engine());
        TrainingSet set = trainingSet(dataAccount, source, classes)) {
      final int numbers = reconstructs ? set.encoder().width() : 1;
      final Network network = network(features, set, classes == null ? numbers : classes.size());
      out.printf("engine   %s%n", engine.describe());
      out.printf(
          "data     %s: %d rows of %d features, %s; training %d, validation %d, test %d%n",
          source.name(),
          set.data().rows(),
          features.width(),
          classes == null
              ? reconstructs ? "each its own target" : "a number each"
              : classes.size() + " classes",
          set.partition().training().length,
          set.partition().validation().length,
          set.partition().test().length);
      final TrainingOptions balanced =
          options.balancedClasses()
              ? options.with(((ClassLoss) options.loss()).with(weights(set)))
              : options;
      return new TrainingSession(balanced, out, columns, engine, source.samples(), set, network)
          .run();
    }
  }

  private TrainingSet trainingSet(
      final MemoryAccount account, final Source source, final Classes classes) {
    final TrainingSet.Encoding encoding =
        new TrainingSet.Encoding(options.scaling(), !options.network().usesCodes());
    if (options.network().reconstructs()) {
      return TrainingSet.reconstruction(account, source, encoding, options.seed());
    }
    return classes == null
        ? TrainingSet.regression(account, source, encoding, options.seed())
        : TrainingSet.classification(account, source, classes, encoding, options.seed());
  }

  /**
   * Units of the last layer where sizes or layers say them, and a row is what it is in the file.
   */
  private int outputs(final Features features) {
    for (int c = 0; c < features.columns(); c++) {
      if (features.texts(c) != null) {
        return 0;
      }
    }
    return options.network().outputs(features.row());
  }

  /** The network for rows as they are encoded: a table's in one row, images in their shape. */
  private Network network(final Features features, final TrainingSet set, final int targets) {
    final Shape row = features.row();
    return options
        .network()
        .network(
            row.rank() == 2 ? Shape.batched(set.encoder().width()) : row,
            set.encoder(),
            targets,
            options.activation());
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
