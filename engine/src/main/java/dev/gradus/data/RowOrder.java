package dev.gradus.data;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import java.util.Arrays;

/**
 * The order in which rows come in an epoch: a shuffled list of slots, each of which stands for a
 * row. Slot i is row i of those that take part; where classes are balanced, they take turns, slot
 * after slot, and each goes through its own rows in a random order, over and over.
 */
final class RowOrder {
  /** Above the streams of epochs, which shuffle the slots. */
  private static final long CLASS_STREAMS = 1L << 62;

  private final int[] rows; // class by class where balanced
  private final int[] firsts; // of each class in rows, and their end; null unless balanced
  private final int[] order;
  private final int[] slots;
  private final long seed;
  private final boolean shuffle;

  private RowOrder(final int[] rows, final int[] firsts, final long seed, final boolean shuffle) {
    this.rows = rows;
    this.firsts = firsts;
    this.order = rows.clone();
    this.slots = Split.all(rows.length);
    this.seed = seed;
    this.shuffle = shuffle;
  }

  static RowOrder of(final int[] rows, final long seed, final boolean shuffle) {
    return new RowOrder(rows.clone(), null, seed, shuffle);
  }

  /** The same with as many slots for each class that there is, give or take one. */
  RowOrder balanced(final Tensor targets) {
    if (targets.type().dtype() != DType.INT32 || targets.shape().rowElements() != 1) {
      throw GradusException.mismatch(
          "targets of rows to balance", "a class for each row", targets.type());
    }
    final long[] byClass = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      // Sorts by class, within it by place.
      byClass[i] = ((long) targets.getInt(rows[i]) << Integer.SIZE) | i;
    }
    Arrays.sort(byClass);
    final int[] sorted = new int[rows.length];
    final int[] starts = new int[rows.length + 1];
    int classes = 0;
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = rows[(int) byClass[i]];
      if (i == 0 || byClass[i] >> Integer.SIZE != byClass[i - 1] >> Integer.SIZE) {
        starts[classes++] = i;
      }
    }
    starts[classes] = sorted.length;
    return new RowOrder(sorted, Arrays.copyOf(starts, classes + 1), seed, shuffle);
  }

  int size() {
    return rows.length;
  }

  /** Begins an epoch; its number alone decides its order. */
  void start(final int epoch) {
    for (int i = 0; i < slots.length; i++) {
      slots[i] = i;
    }
    System.arraycopy(rows, 0, order, 0, rows.length);
    if (shuffle) {
      Shuffle.apply(slots, seed, epoch);
      for (int c = 0; firsts != null && c < firsts.length - 1; c++) {
        Shuffle.apply(order, firsts[c], firsts[c + 1], seed, CLASS_STREAMS | epoch);
      }
    }
  }

  /** The slot at a place of the epoch. */
  int slot(final int position) {
    return slots[position];
  }

  int row(final int slot) {
    if (firsts == null) {
      return order[slot];
    }
    final int classes = firsts.length - 1;
    final int first = firsts[slot % classes];
    return order[first + slot / classes % (firsts[slot % classes + 1] - first)];
  }

  /** How often a slot's row has come in slots before it. */
  int repeat(final int slot) {
    if (firsts == null) {
      return 0;
    }
    final int classes = firsts.length - 1;
    return slot / classes / (firsts[slot % classes + 1] - firsts[slot % classes]);
  }
}
