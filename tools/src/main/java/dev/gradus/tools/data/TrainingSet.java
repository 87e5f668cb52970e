package dev.gradus.tools.data;

import dev.gradus.data.Dataset;
import dev.gradus.data.Scaling;
import dev.gradus.data.TableEncoder;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;

/**
 * Scaled samples off the heap, divided into parts.
 *
 * @param encoder of the features.
 * @param classes null for regression.
 * @param targetScaling null for classes.
 */
public record TrainingSet(
    Dataset data, Partition partition, TableEncoder encoder, Classes classes, Scaling targetScaling)
    implements AutoCloseable {

  /** Checks that the labels are classes and fit the network's outputs, 0 where those are free. */
  public static Classes classes(final Source source, final int outputs) {
    return Classes.of(source.samples(), outputs);
  }

  /** In how many rows of the training a category has to occur to be more than an unknown one. */
  private static final int LEAST_ROWS = 2;

  /**
   * How features are to be encoded.
   *
   * @param scaling null for what suits the data: images by their largest value, tables
   *     standardised.
   * @param oneHot whether categories become a number each, instead of a code.
   */
  public record Encoding(Scaling.Kind scaling, boolean oneHot) {
    TableEncoder fit(final Source source, final Partition partition) {
      final Features features = source.samples().features();
      return scaling == null && source.scaling() != null
          ? TableEncoder.ofNumbers(features.width(), source.scaling())
          : TableEncoder.fit(
              features,
              partition.training(),
              scaling == null ? Scaling.Kind.STANDARD : scaling,
              LEAST_ROWS,
              oneHot);
    }
  }

  /**
   * Copies samples with class labels off the heap.
   *
   * @param sizes of the parts; null for the usual ones.
   * @throws GradusException where a label is none of the classes or a value can't be scaled.
   */
  public static TrainingSet classification(
      final MemoryAccount account,
      final Source source,
      final Classes classes,
      final Encoding encoding,
      final SplitSizes sizes,
      final long seed) {
    final int[] labels = classes.indices(source.samples());
    final int[] testLabels = source.test() == null ? new int[0] : classes.indices(source.test());
    final Partition partition = partition(source, labels, sizes, seed);
    final TableEncoder encoder = encoding.fit(source, partition);
    final Dataset data =
        Dataset.classification(
            account, Shape.batched(encoder.width()), labels.length + testLabels.length);
    return filled(
        data,
        () -> {
          features(data, source, encoder);
          fill(data, labels, 0);
          fill(data, testLabels, labels.length);
          return new TrainingSet(data, partition, encoder, classes, null);
        });
  }

  /**
   * Copies samples with numbers for targets off the heap; the targets are standardised by the
   * training part, too.
   *
   * @param sizes of the parts; null for the usual ones.
   * @throws GradusException where a target is not a number or a value can't be scaled.
   */
  public static TrainingSet regression(
      final MemoryAccount account,
      final Source source,
      final Encoding encoding,
      final SplitSizes sizes,
      final long seed) {
    final double[] targets = source.samples().targetNumbers();
    final double[] testTargets =
        source.test() == null ? new double[0] : source.test().targetNumbers();
    final Partition partition = partition(source, new int[targets.length], sizes, seed);
    final TableEncoder encoder = encoding.fit(source, partition);
    final Scaling targetScaling =
        Scaling.fit(Scaling.Kind.STANDARD, rows(targets, partition.training()));
    final Dataset data =
        Dataset.open(
            account,
            TensorType.float32(Shape.batched(encoder.width())),
            TensorType.float32(Shape.batched(1)),
            targets.length + testTargets.length);
    return filled(
        data,
        () -> {
          features(data, source, encoder);
          fill(data, targets, targetScaling, 0, source.samples());
          fill(data, testTargets, targetScaling, targets.length, source.test());
          return new TrainingSet(data, partition, encoder, null, targetScaling);
        });
  }

  /**
   * Copies samples off the heap, each its own target: the scaled features, (rows, features).
   *
   * @throws GradusException where a value can't be scaled.
   */
  public static TrainingSet reconstruction(
      final MemoryAccount account,
      final Source source,
      final Encoding encoding,
      final SplitSizes sizes,
      final long seed) {
    final int rows = source.samples().rows();
    final Partition partition = partition(source, new int[rows], sizes, seed);
    final TableEncoder encoder = encoding.fit(source, partition);
    final TensorType row = TensorType.float32(Shape.batched(encoder.width()));
    final Dataset data =
        Dataset.open(account, row, row, rows + (source.test() == null ? 0 : source.test().rows()));
    return filled(
        data,
        () -> {
          features(data, source, encoder);
          data.targets().copyFrom(data.features());
          return new TrainingSet(data, partition, encoder, null, Scaling.none());
        });
  }

  private interface Filling {
    TrainingSet fill();
  }

  private static TrainingSet filled(final Dataset data, final Filling filling) {
    try {
      return filling.fill();
    } catch (final RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private static double[] rows(final double[] values, final int[] rows) {
    final double[] chosen = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      chosen[i] = values[rows[i]];
    }
    return chosen;
  }

  private static Partition partition(
      final Source source, final int[] labels, final SplitSizes sizes, final long seed) {
    final String name = source.samples().source();
    if (sizes != null) {
      final int testRows = source.test() == null ? 0 : source.test().rows();
      return Partition.of(labels, testRows, sizes, seed, name);
    }
    return source.test() == null
        ? Partition.ofThree(labels, seed, name)
        : Partition.withTest(labels, source.test().rows(), seed, name);
  }

  private static void features(
      final Dataset data, final Source source, final TableEncoder encoder) {
    new EncodedRows(source.samples(), encoder).copyAll(data.features(), 0);
    if (source.test() != null) {
      new EncodedRows(source.test(), encoder).copyAll(data.features(), source.samples().rows());
    }
  }

  private static void fill(final Dataset data, final int[] labels, final int firstRow) {
    for (int i = 0; i < labels.length; i++) {
      data.targets().setInt((long) firstRow + i, labels[i]);
    }
  }

  private static void fill(
      final Dataset data,
      final double[] targets,
      final Scaling scaling,
      final int firstRow,
      final Samples samples) {
    for (int i = 0; i < targets.length; i++) {
      final float scaled = scaling.apply(0, targets[i]);
      if (!Float.isFinite(scaled)) {
        throw GradusException.outOfRange(
            "target of row " + (i + 1) + " of " + samples.source(),
            "a number that is finite when scaled",
            targets[i]);
      }
      data.targets().set((long) firstRow + i, scaled);
    }
  }

  @Override
  public void close() {
    data.close();
  }
}
