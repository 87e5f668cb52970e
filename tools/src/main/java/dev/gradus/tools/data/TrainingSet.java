package dev.gradus.tools.data;

import dev.gradus.data.Dataset;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;

/**
 * Scaled samples off the heap, divided into parts.
 *
 * @param scaling of the features.
 * @param classes null for regression.
 * @param targetScaling null for classes.
 */
public record TrainingSet(
    Dataset data, Partition partition, Scaling scaling, Classes classes, Scaling targetScaling)
    implements AutoCloseable {

  /** Checks that the labels are classes and fit the network's outputs, 0 where those are free. */
  public static Classes classes(final Source source, final int outputs) {
    return Classes.of(source.samples(), outputs);
  }

  /**
   * Copies samples with class labels off the heap.
   *
   * @throws GradusException where a label is none of the classes or a value can't be scaled.
   */
  public static TrainingSet classification(
      final MemoryAccount account, final Source source, final Classes classes, final long seed) {
    final int[] labels = classes.indices(source.samples());
    final int[] testLabels = source.test() == null ? new int[0] : classes.indices(source.test());
    final Partition partition = partition(source, labels, seed);
    final Scaling scaling = scaling(source, partition);
    final Dataset data =
        Dataset.classification(account, featureShape(source), labels.length + testLabels.length);
    return filled(
        data,
        () -> {
          features(data, source, scaling);
          fill(data, labels, 0);
          fill(data, testLabels, labels.length);
          return new TrainingSet(data, partition, scaling, classes, null);
        });
  }

  /**
   * Copies samples with numbers for targets off the heap; the targets are standardised by the
   * training part, too.
   *
   * @throws GradusException where a target is not a number or a value can't be scaled.
   */
  public static TrainingSet regression(
      final MemoryAccount account, final Source source, final long seed) {
    final double[] targets = source.samples().targetNumbers();
    final double[] testTargets =
        source.test() == null ? new double[0] : source.test().targetNumbers();
    final Partition partition = partition(source, new int[targets.length], seed);
    final Scaling scaling = scaling(source, partition);
    final Scaling targetScaling = Scaling.standard(targets, partition.training());
    final Dataset data =
        Dataset.open(
            account,
            TensorType.float32(featureShape(source)),
            TensorType.float32(Shape.batched(1)),
            targets.length + testTargets.length);
    return filled(
        data,
        () -> {
          features(data, source, scaling);
          fill(data, targets, targetScaling, 0, source.samples());
          fill(data, testTargets, targetScaling, targets.length, source.test());
          return new TrainingSet(data, partition, scaling, null, targetScaling);
        });
  }

  /**
   * Copies samples off the heap, each its own target: the scaled features, (rows, features).
   *
   * @throws GradusException where a value can't be scaled.
   */
  public static TrainingSet reconstruction(
      final MemoryAccount account, final Source source, final long seed) {
    final int rows = source.samples().rows();
    final Partition partition = partition(source, new int[rows], seed);
    final Scaling scaling = scaling(source, partition);
    final Dataset data =
        Dataset.open(
            account,
            TensorType.float32(featureShape(source)),
            TensorType.float32(featureShape(source)),
            rows + (source.test() == null ? 0 : source.test().rows()));
    return filled(
        data,
        () -> {
          features(data, source, scaling);
          data.targets().copyFrom(data.features());
          return new TrainingSet(data, partition, scaling, null, Scaling.none());
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

  private static Shape featureShape(final Source source) {
    return Shape.batched(source.samples().features().width());
  }

  private static Partition partition(final Source source, final int[] labels, final long seed) {
    final String name = source.samples().source();
    return source.test() == null
        ? Partition.ofThree(labels, seed, name)
        : Partition.withTest(labels, source.test().rows(), seed, name);
  }

  private static Scaling scaling(final Source source, final Partition partition) {
    return source.scaling() == null
        ? Scaling.standard(source.samples().features(), partition.training())
        : source.scaling();
  }

  private static void features(final Dataset data, final Source source, final Scaling scaling) {
    ScaledRows.copyAll(source.samples(), scaling, data.features(), 0);
    if (source.test() != null) {
      ScaledRows.copyAll(source.test(), scaling, data.features(), source.samples().rows());
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
