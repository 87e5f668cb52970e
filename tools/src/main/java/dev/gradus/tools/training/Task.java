package dev.gradus.tools.training;

import dev.gradus.data.Scaling;
import dev.gradus.kernel.Activation;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Network;
import dev.gradus.tools.data.Classes;
import dev.gradus.tools.data.Features;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.data.SplitSizes;
import dev.gradus.tools.data.TrainingSet;
import dev.gradus.tools.model.ModelText;

/**
 * Data as a model wants them, and the model as the data complete it.
 *
 * @param classes of the targets; null where these are numbers.
 * @param set which closing gives back.
 */
public record Task(Classes classes, TrainingSet set, Network network) implements AutoCloseable {
  /**
   * Copies the data off the heap and completes the network.
   *
   * @param scaling of numbers in tables; null for the usual one.
   * @param numbers whether targets are numbers.
   * @param sizes of the parts; null for the usual ones.
   * @throws dev.gradus.memory.GradusException where data and model don't fit.
   */
  public static Task open(
      final MemoryAccount account,
      final Source source,
      final ModelText model,
      final Activation activation,
      final Scaling.Kind scaling,
      final boolean numbers,
      final SplitSizes sizes,
      final long seed) {
    final Features features = source.samples().features();
    final Classes classes = numbers ? null : TrainingSet.classes(source, outputs(model, features));
    final TrainingSet.Encoding encoding = new TrainingSet.Encoding(scaling, !model.usesCodes());
    final TrainingSet set = set(account, source, model, classes, encoding, sizes, seed);
    try {
      return new Task(classes, set, network(model, features, classes, set, activation));
    } catch (final RuntimeException e) {
      set.close();
      throw e;
    }
  }

  private static TrainingSet set(
      final MemoryAccount account,
      final Source source,
      final ModelText model,
      final Classes classes,
      final TrainingSet.Encoding encoding,
      final SplitSizes sizes,
      final long seed) {
    if (model.reconstructs()) {
      return TrainingSet.reconstruction(account, source, encoding, sizes, seed);
    }
    return classes == null
        ? TrainingSet.regression(account, source, encoding, sizes, seed)
        : TrainingSet.classification(account, source, classes, encoding, sizes, seed);
  }

  /**
   * Units of the last layer where sizes or layers say them, and a row is what it is in the file.
   */
  private static int outputs(final ModelText model, final Features features) {
    for (int c = 0; c < features.columns(); c++) {
      if (features.texts(c) != null) {
        return 0;
      }
    }
    return model.outputs(features.row());
  }

  /** The network for rows as they are encoded: a table's in one row, images in their shape. */
  private static Network network(
      final ModelText model,
      final Features features,
      final Classes classes,
      final TrainingSet set,
      final Activation activation) {
    final int width = set.encoder().width();
    final int numbers = model.reconstructs() ? width : 1;
    final Shape row = features.row();
    return model.network(
        row.rank() == 2 ? Shape.batched(width) : row,
        set.encoder(),
        classes == null ? numbers : classes.size(),
        activation);
  }

  @Override
  public void close() {
    set.close();
  }
}
