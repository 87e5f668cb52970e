package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SplitTest {
  private static final int ROWS = 1003;

  /** Of 1,003 rows 700 are of class 4, 250 of class 0, 53 of class 9. */
  private static final int[] CLASSES =
      IntStream.range(0, ROWS).map(row -> row < 700 ? 4 : row < 950 ? 0 : 9).toArray();

  private static int[] sorted(final int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).sorted().toArray();
  }

  private static int[][] stratified(final long seed, final double... fractions) {
    return Split.stratified(Split.all(ROWS), CLASSES, seed, fractions);
  }

  @Test
  void shouldGiveEachClassToTheSameShares() {
    final double[] shares = {0.6, 0.15, 0.25};
    final int[][] parts = stratified(3, 0.6, 0.15);
    assertArrayEquals(Split.all(ROWS), sorted(parts));
    for (int part = 0; part < 3; part++) {
      assertEquals(shares[part] * ROWS, parts[part].length, 1);
      for (final int c : new int[] {0, 4, 9}) {
        final double all = Arrays.stream(CLASSES).filter(x -> x == c).count();
        final double count = Arrays.stream(parts[part]).filter(row -> CLASSES[row] == c).count();
        assertEquals(shares[part] * all, count, 2, "class " + c + " in part " + part);
      }
    }
  }

  @Test
  void shouldDependOnTheSeedAlone() {
    assertArrayEquals(stratified(3, 0.8), stratified(3, 0.8));
    assertFalse(
        Arrays.equals(sorted(stratified(3, 0.8)[1]), sorted(stratified(4, 0.8)[1])),
        "another seed, other rows");
  }

  @Test
  void shouldDivideSomeOfTheRows() {
    final int[] rows = {1000, 3, 951, 7, 960, 5};
    final int[][] parts = Split.stratified(rows, CLASSES, 1, 0.5);
    assertArrayEquals(new int[] {3, 5, 7, 951, 960, 1000}, sorted(parts));
    assertEquals(3, parts[0].length);
    assertArrayEquals(new int[] {1000, 3, 951, 7, 960, 5}, rows);
    assertEquals(1, Split.stratified(rows, CLASSES, 1).length);
  }

  @Test
  void shouldRefuseFractionsAndPartsThatAreNone() {
    assertEquals(
        "sum of the fractions of a split out of range: expected=below 1, actual=1.0",
        assertThrows(GradusException.class, () -> stratified(1, 0.5, 0.5)).getMessage());
    assertEquals(
        "fraction of a split out of range: expected=above 0, actual=0.0",
        assertThrows(GradusException.class, () -> stratified(1, 0.0)).getMessage());
    assertEquals(
        "rows of part 1 of a split mismatch: expected=1 or more, actual=0",
        assertThrows(
                GradusException.class, () -> Split.stratified(new int[] {1, 2}, CLASSES, 1, 0.9))
            .getMessage());
    assertEquals(
        "rows of part 0 of a split mismatch: expected=1 or more, actual=0",
        assertThrows(GradusException.class, () -> Split.random(new int[] {1, 2}, 1, 0.1))
            .getMessage());
  }
}
