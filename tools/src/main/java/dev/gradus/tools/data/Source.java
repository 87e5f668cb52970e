package dev.gradus.tools.data;

import dev.gradus.data.Scaling;
import dev.gradus.memory.GradusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Data as a user named them.
 *
 * @param name as the user wrote it.
 * @param samples for training and validation; for all where there is no test.
 * @param test a part of its own for the test, or null.
 * @param scaling what suits the features, or null where that depends on the training part.
 */
public record Source(String name, Samples samples, Samples test, Scaling scaling) {
  private static final Scaling PIXELS = Scaling.uniform(255);

  /** The name of the data that ship with Gradus. */
  public static final String DIGITS = Digits.NAME;

  /**
   * Opens data to train with: {@link #DIGITS}, a folder of IDX files, a folder that says its splits
   * (see {@link #splits}), a file of images beside its file of labels, or a CSV table.
   *
   * @param test a table of rows for the test, or null: a part of the rows then serves.
   * @param split which of the splits of a folder that has any, from 0.
   * @throws GradusException where they can't be read or are damaged.
   */
  public static Source forTraining(
      final String name, final CsvOptions options, final Path test, final int split) {
    if (test != null && !isTable(name)) {
      throw GradusException.mismatch("data with --test", "a CSV table", name);
    }
    if (split != 0 && splits(name) == 0) {
      throw GradusException.mismatch("data with --split", "a folder that says its splits", name);
    }
    if (isDigits(name)) {
      return new Source(name, Digits.read(), null, Scaling.uniform(Digits.MAX_PIXEL));
    }
    final Path path = Path.of(name);
    if (Files.isDirectory(path) && SplitFolder.is(path)) {
      return SplitFolder.read(name, path, split);
    }
    if (Files.isDirectory(path)) {
      final Samples samples = IdxFolder.part(path, "train");
      if (samples == null) {
        throw GradusException.mismatch(
            name,
            "train-images-idx3-ubyte[.gz] and train-labels-idx1-ubyte[.gz], or data.txt and"
                + " index_train_0.txt",
            "neither");
      }
      return new Source(name, samples, sameWidth(samples, IdxFolder.part(path, "t10k")), PIXELS);
    }
    if (IdxFile.isIdx(path)) {
      return new Source(name, IdxFolder.file(path), null, PIXELS);
    }
    final Samples samples =
        table(path, options, CsvColumns.forTraining(options.target(), options.categorical()));
    return new Source(name, samples, test == null ? null : test(test, options, samples), null);
  }

  private static Samples test(final Path file, final CsvOptions options, final Samples training) {
    final Features features = training.features();
    final Samples test =
        table(
            file,
            options,
            CsvColumns.forScoring(
                features.names(),
                training.target(),
                training.targetColumn(),
                categorical(features)));
    test.requireTargets();
    return test;
  }

  private static boolean[] categorical(final Features features) {
    final boolean[] categorical = new boolean[features.width()];
    for (int c = 0; c < categorical.length; c++) {
      categorical[c] = features.texts(c) != null;
    }
    return categorical;
  }

  private static boolean isTable(final String name) {
    final Path path = Path.of(name);
    return !isDigits(name) && !Files.isDirectory(path) && !IdxFile.isIdx(path);
  }

  /** The number of splits that a folder of {@code data.txt} says; 0 for any other data. */
  public static int splits(final String name) {
    final Path path = Path.of(name);
    return Files.isDirectory(path) && SplitFolder.is(path) ? SplitFolder.splits(path) : 0;
  }

  private static Samples sameWidth(final Samples samples, final Samples test) {
    if (test != null && test.features().width() != samples.features().width()) {
      throw GradusException.mismatch(
          "pixels of an image in " + test.source(),
          samples.features().width(),
          test.features().width());
    }
    return test;
  }

  /**
   * Opens data to score or predict: of a folder the test part where it has one.
   *
   * @param trained names of the model's features; none where it knows none.
   * @param target name of the model's target column; empty where it knows none.
   * @param targetColumn where the target stood, from 0; -1 where that is unknown.
   * @param categorical for each of the model's features whether it is one of categories.
   * @throws GradusException where they can't be read, are damaged, or don't fit the model.
   */
  public static Samples forScoring(
      final String name,
      final CsvOptions options,
      final List<String> trained,
      final String target,
      final int targetColumn,
      final boolean[] categorical) {
    final int width = categorical.length;
    final Samples samples;
    final Path path = Path.of(name);
    if (isDigits(name)) {
      samples = Digits.read();
    } else if (Files.isDirectory(path)) {
      final Samples test = IdxFolder.part(path, "t10k");
      samples = test == null ? IdxFolder.part(path, "train") : test;
      if (samples == null) {
        throw GradusException.mismatch(
            name, "t10k-images-idx3-ubyte[.gz] or train-images-idx3-ubyte[.gz]", "neither");
      }
    } else if (IdxFile.isIdx(path)) {
      samples = IdxFolder.file(path);
    } else {
      samples =
          table(path, options, CsvColumns.forScoring(trained, target, targetColumn, categorical));
    }
    if (samples.features().width() != width) {
      throw GradusException.mismatch(
          "features in a row of " + name,
          width + ", the model's inputs",
          samples.features().width());
    }
    return samples;
  }

  private static boolean isDigits(final String name) {
    return name.equals(DIGITS) && !Files.exists(Path.of(name));
  }

  private static Samples table(
      final Path path, final CsvOptions options, final CsvColumns.Choice choice) {
    return DataFile.read(path, in -> CsvFile.read(path.toString(), in, options, choice));
  }
}
