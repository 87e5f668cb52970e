package dev.gradus.data;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Tensor;

/** Hands targets over as they are, mixed, or class indices as probabilities. */
final class TargetRows {
  private static final long BYTES = DType.BYTES;

  private final Tensor targets;

  TargetRows(final Tensor targets) {
    this.targets = targets;
  }

  /** Whether class indices are wanted as probabilities. */
  boolean areProbabilities(final Tensor room) {
    return isLabel() && room.type().dtype() == DType.FLOAT32 && room.shape().rowElements() > 1;
  }

  private boolean isLabel() {
    return targets.type().dtype() == DType.INT32 && targets.shape().rowElements() == 1;
  }

  /**
   * Checks that targets can be mixed into a room.
   *
   * @throws GradusException where they are indices and stay so.
   */
  void requireMixable(final Tensor room) {
    if (targets.type().dtype() != DType.FLOAT32 && !areProbabilities(room)) {
      throw GradusException.mismatch(
          "target of a batch to mix",
          isLabel() ? "floats [N,classes], a probability for each class" : "floats in the data",
          isLabel() ? room.type() : targets.type());
    }
  }

  /** Checks that a row's label is one of the classes there is room for. */
  void requireClass(final int row, final Tensor room) {
    final long classes = room.shape().rowElements();
    final int label = label(row);
    if (label < 0 || label >= classes) {
      throw GradusException.outOfRange("label of row " + row, "0 to " + (classes - 1), label);
    }
  }

  private int label(final int row) {
    return OffHeap.getInt(targets.address() + row * BYTES);
  }

  /**
   * Writes row i of a batch: {@code share * first + (1 - share) * second}.
   *
   * @param first a row of the data; its label has been checked where probabilities are wanted.
   * @param second likewise.
   */
  void write(final int first, final int second, final float share, final Tensor room, final int i) {
    final long elements = room.shape().rowElements();
    final long to = room.address() + i * elements * BYTES;
    if (areProbabilities(room)) {
      for (long c = 0; c < elements; c++) {
        OffHeap.setFloat(to + c * BYTES, 0);
      }
      add(to + label(first) * BYTES, share);
      add(to + label(second) * BYTES, 1 - share);
    } else if (share == 1) {
      OffHeap.copy(targets.address() + first * elements * BYTES, to, elements * BYTES);
    } else {
      final long a = targets.address() + first * elements * BYTES;
      final long b = targets.address() + second * elements * BYTES;
      for (long at = 0; at < elements * BYTES; at += BYTES) {
        final float mixed =
            share * OffHeap.getFloat(a + at) + (1 - share) * OffHeap.getFloat(b + at);
        OffHeap.setFloat(to + at, mixed);
      }
    }
  }

  private static void add(final long address, final float value) {
    OffHeap.setFloat(address, OffHeap.getFloat(address) + value);
  }
}
