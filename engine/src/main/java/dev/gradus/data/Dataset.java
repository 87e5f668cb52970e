package dev.gradus.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.Arrays;

/** Rows of features and targets in one slab. */
public final class Dataset implements AutoCloseable {
  private final Slab slab;
  private final Tensor features;
  private final Tensor targets;
  private final int rows;

  private Dataset(final Slab slab, final Tensor features, final Tensor targets, final int rows) {
    this.slab = slab;
    this.features = features;
    this.targets = targets;
    this.rows = rows;
  }

  /**
   * Allocates a data set of zeros, to be filled through {@link #features()} and {@link #targets()}.
   *
   * @param features type of a batch of features, its first dimension the batch.
   * @param targets type of a batch of targets, its first dimension the batch.
   * @param rows 1 or more.
   */
  public static Dataset open(
      final MemoryAccount account,
      final TensorType features,
      final TensorType targets,
      final int rows) {
    if (rows < 1) {
      throw GradusException.outOfRange("rows of a data set", "1 or more", rows);
    }
    requireBatched("features", features.shape());
    requireBatched("targets", targets.shape());
    final long featureBytes = Slab.aligned(features.bytes(rows));
    final Slab slab =
        Slab.open(account, "data set", featureBytes + Slab.aligned(targets.bytes(rows)));
    return new Dataset(
        slab,
        slab.tensor(0, new TensorType(features.dtype(), features.shape().at(rows))),
        slab.tensor(featureBytes, new TensorType(targets.dtype(), targets.shape().at(rows))),
        rows);
  }

  /** Rows of float features with one class index each. */
  public static Dataset classification(
      final MemoryAccount account, final Shape rowShape, final int rows) {
    return open(account, TensorType.float32(rowShape), TensorType.int32(Shape.batched()), rows);
  }

  /** An empty data set for rows like these. */
  public Dataset like(final MemoryAccount account, final int count) {
    return open(account, batchOf(features), batchOf(targets), count);
  }

  private static TensorType batchOf(final Tensor table) {
    final int[] row = new int[table.shape().rank() - 1];
    Arrays.setAll(row, axis -> table.shape().dim(axis + 1));
    return new TensorType(table.type().dtype(), Shape.batched(row));
  }

  private static void requireBatched(final String what, final Shape shape) {
    if (!shape.isBatched()) {
      throw GradusException.mismatch("shape of " + what, "a batch of rows [N,...]", shape);
    }
  }

  /** All features, (rows, ...). */
  public Tensor features() {
    return features;
  }

  /** All targets, (rows, ...). */
  public Tensor targets() {
    return targets;
  }

  public int rows() {
    return rows;
  }

  /** Frees the memory; not while a batch is copied. */
  @Override
  public void close() {
    slab.close();
  }
}
