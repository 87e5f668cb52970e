package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatasetTest {
  private final MemoryAccount account = new MemoryAccount();

  @Test
  void shouldHoldFeaturesAndTargetsInAlignedMemory() {
    try (Dataset data =
        Dataset.open(
            account,
            TensorType.float32(Shape.batched(2, 3)),
            TensorType.float32(Shape.batched(5)),
            7)) {
      assertEquals(7, data.rows());
      assertEquals(TensorType.float32(Shape.of(7, 2, 3)), data.features().type());
      assertEquals(TensorType.float32(Shape.of(7, 5)), data.targets().type());
      assertEquals(0, data.features().address() % 64);
      assertEquals(0, data.targets().address() % 64);
      assertArrayEquals(new float[42], data.features().toFloatArray());
      assertEquals(192 + 192, account.openBytes(), "42 and 35 floats in whole cache lines");
    }
    assertEquals(0, account.openBytes());
  }

  @Test
  void shouldHoldOneLabelForEachRowToClassify() {
    try (Dataset data = Dataset.classification(account, Shape.batched(4), 3)) {
      assertEquals(TensorType.float32(Shape.of(3, 4)), data.features().type());
      assertEquals(TensorType.int32(Shape.of(3)), data.targets().type());
    }
  }

  @Test
  void shouldRefuseNoRowsAndShapesWithoutABatch() {
    assertMessage(
        "rows of a data set out of range: expected=1 or more, actual=0",
        () -> Dataset.classification(account, Shape.batched(4), 0));
    assertMessage(
        "shape of features mismatch: expected=a batch of rows [N,...], actual=[4]",
        () -> Dataset.classification(account, Shape.of(4), 3));
    final TensorType batch = TensorType.float32(Shape.batched(4));
    final TensorType fixed = TensorType.float32(Shape.of(4));
    assertMessage(
        "shape of targets mismatch: expected=a batch of rows [N,...], actual=[4]",
        () -> Dataset.open(account, batch, fixed, 3));
    assertEquals(0, account.peakBytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 10, 1797})
  void shouldSplitIntoPartsThatTogetherAreAll(final int rows) {
    final int[] all = Split.all(rows);
    final int[][] parts = Split.random(all, 11, 0.6, 0.2);
    assertEquals(3, parts.length);
    assertEquals(Math.round(0.6 * rows), parts[0].length);
    assertEquals(Math.round(0.8 * rows), parts[0].length + parts[1].length);
    assertArrayEquals(all, Arrays.stream(parts).flatMapToInt(IntStream::of).sorted().toArray());
    assertArrayEquals(Split.all(rows), all, "the rows themselves keep their order");
    assertArrayEquals(parts, Split.random(all, 11, 0.6, 0.2), "the same seed, the same parts");
  }

  @Test
  void shouldSplitAtRandom() {
    final int[] all = Split.all(1000);
    final int[] first = Split.random(all, 1, 0.5)[0];
    assertFalse(Arrays.equals(first, Split.random(all, 2, 0.5)[0]));
    final double mean = Arrays.stream(first).average().orElseThrow();
    assertEquals(499.5, mean, 5 * 1000 / Math.sqrt(12 * 500), "5 deviations, seed=1");
  }

  @Test
  void shouldSplitWhatWasSplitBefore() {
    final int[] rest = Split.random(Split.all(100), 3, 0.5)[1];
    final int[][] parts = Split.random(rest, 4, 0.5);
    assertArrayEquals(
        Arrays.stream(rest).sorted().toArray(),
        Arrays.stream(parts).flatMapToInt(IntStream::of).sorted().toArray());
  }

  @Test
  void shouldRefuseFractionsOutOfRange() {
    final int[] all = Split.all(10);
    for (final double fraction : new double[] {0, -0.1, Double.NaN}) {
      assertMessage(
          "fraction of a split out of range: expected=above 0, actual=" + fraction,
          () -> Split.random(all, 1, 0.5, fraction));
    }
    assertMessage(
        "sum of the fractions of a split out of range: expected=below 1, actual=1.0",
        () -> Split.random(all, 1, 0.5, 0.5));
    assertMessage(
        "rows of part 1 of a split mismatch: expected=1 or more, actual=0",
        () -> Split.random(all, 1, 0.99));
    assertMessage(
        "rows of part 0 of a split mismatch: expected=1 or more, actual=0",
        () -> Split.random(new int[0], 1, 0.5));
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
