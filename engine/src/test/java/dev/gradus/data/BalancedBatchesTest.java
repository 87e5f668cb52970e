package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Epochs in which each class comes as often. */
final class BalancedBatchesTest {
  /** Rows of classes 0, 2 and 5. */
  private static final int[] COUNTS = {70, 20, 3};

  private static final int[] NAMES = {0, 2, 5};
  private static final int ROWS = 93;

  private final MemoryAccount account = new MemoryAccount();
  private final Dataset data = Dataset.classification(account, Shape.batched(1), ROWS);
  private final Slab plan = Slab.open(account, "plan", 2048);
  private final Tensor input = plan.tensor(0, TensorType.float32(Shape.of(ROWS, 1)));
  private final Tensor target = plan.tensor(1024, TensorType.int32(Shape.of(ROWS)));

  BalancedBatchesTest() {
    int row = 0;
    for (int c = 0; c < COUNTS.length; c++) {
      for (int i = 0; i < COUNTS[c]; i++) {
        data.features().set(row, row);
        data.targets().setInt(row++, NAMES[c]);
      }
    }
  }

  @AfterEach
  void close() {
    data.close();
    plan.close();
  }

  private static Batches batches(final Dataset data, final int size, final boolean shuffle) {
    return new Batches(data, Split.all(ROWS), size, 5, shuffle, true).balanced();
  }

  private int[] epoch(final Batches batches, final int epoch) {
    final int[] rows = new int[ROWS];
    int seen = 0;
    batches.startEpoch(epoch);
    for (int count = batches.next(input, target); count > 0; count = batches.next(input, target)) {
      for (int i = 0; i < count; i++) {
        rows[seen] = (int) input.get(i);
        assertEquals(data.targets().getInt(rows[seen++]), target.getInt(i));
      }
    }
    assertEquals(ROWS, seen);
    return rows;
  }

  @Test
  void shouldGiveEveryClassTheSameShare() {
    final int[] times = new int[ROWS];
    for (final int row : epoch(batches(data, 10, true), 1)) {
      times[row]++;
    }
    int first = 0;
    for (final int count : COUNTS) {
      final int[] ofClass = Arrays.copyOfRange(times, first, first + count);
      assertEquals(31, Arrays.stream(ofClass).sum());
      final int most = Arrays.stream(ofClass).max().getAsInt();
      final int least = Arrays.stream(ofClass).min().getAsInt();
      assertTrue(most - least <= 1, "rows of a class come as often: " + Arrays.toString(ofClass));
      first += count;
    }
  }

  @Test
  void shouldDependOnSeedAndEpochAlone() {
    final int[] second = epoch(batches(data, 10, true), 1);
    final Batches batches = batches(data, 93, true);
    final int[] first = epoch(batches, 0);
    assertFalse(Arrays.equals(first, second));
    assertArrayEquals(second, epoch(batches, 1));
    Arrays.sort(first);
    Arrays.sort(second);
    assertFalse(Arrays.equals(first, second), "another choice of the frequent class");
  }

  @Test
  void shouldTakeTurnsWhereItIsNotToShuffle() {
    final int[] rows = epoch(batches(data, 10, false), 0);
    assertArrayEquals(
        new int[] {0, 70, 90, 1, 71, 91, 2, 72, 92, 3, 73, 90}, Arrays.copyOf(rows, 12));
  }

  @Test
  void shouldRefuseTargetsThatAreNoClasses() {
    try (Dataset numbers =
        Dataset.open(
            account,
            TensorType.float32(Shape.batched(1)),
            TensorType.float32(Shape.batched(1)),
            ROWS)) {
      assertEquals(
          "targets of rows to balance mismatch: expected=a class for each row, actual=f32[93,1]",
          assertThrows(GradusException.class, () -> batches(numbers, 10, true)).getMessage());
    }
  }
}
