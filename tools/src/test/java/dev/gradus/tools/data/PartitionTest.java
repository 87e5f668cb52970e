package dev.gradus.tools.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Split;
import dev.gradus.memory.GradusException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PartitionTest {
  private static final long SEED = 42;

  private static int[] classes(final int rows, final int classes) {
    return IntStream.range(0, rows).map(row -> row * row % classes).toArray();
  }

  private static int[] sorted(final int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).sorted().toArray();
  }

  @Test
  void shouldGiveEachRowToOnePart() {
    for (final int rows : new int[] {7, 19, 20, 21, 1797}) {
      final Partition p = Partition.ofThree(classes(rows, 10), SEED, "data");
      assertArrayEquals(
          IntStream.range(0, rows).toArray(),
          sorted(p.training(), p.validation(), p.test()),
          "rows " + rows);
      assertTrue(p.validation().length > 0 && p.test().length > 0, "rows " + rows);
    }
  }

  @Test
  void shouldKeepSharesInEveryClass() {
    final int[] classes = classes(2000, 7);
    final Partition p = Partition.ofThree(classes, SEED, "data");
    assertEquals(1400, p.training().length);
    assertEquals(300, p.validation().length);
    for (final int c : new int[] {0, 1, 2, 4}) {
      final double all = Arrays.stream(classes).filter(x -> x == c).count();
      final double test = Arrays.stream(p.test()).filter(row -> classes[row] == c).count();
      assertEquals(0.15 * all, test, 3, "class " + c);
    }
  }

  @Test
  void shouldPutTheTestBehindTheOtherRows() {
    final Partition p = Partition.withTest(classes(100, 3), 130, SEED, "data");
    assertEquals(90, p.training().length);
    assertEquals(10, p.validation().length);
    assertArrayEquals(IntStream.range(100, 230).toArray(), p.test());
  }

  @Test
  void shouldDependOnTheSeedAlone() {
    final int[] classes = classes(100, 3);
    final Partition p = Partition.ofThree(classes, SEED, "data");
    assertArrayEquals(p.test(), Partition.ofThree(classes, SEED, "data").test());
    assertFalse(Arrays.equals(p.test(), Partition.ofThree(classes, SEED + 1, "data").test()));
  }

  @Test
  void shouldDivideIntoTheSizesAskedFor() {
    final int[] classes = classes(2000, 7);
    final Partition p = Partition.of(classes, 0, SplitSizes.parse("80/0/20"), SEED, "data");
    assertEquals(1600, p.training().length);
    assertEquals(0, p.validation().length);
    assertArrayEquals(Split.all(2000), sorted(p.training(), p.validation(), p.test()));
    for (final int c : new int[] {0, 1, 2, 4}) {
      final double all = Arrays.stream(classes).filter(x -> x == c).count();
      final double test = Arrays.stream(p.test()).filter(row -> classes[row] == c).count();
      assertEquals(0.2 * all, test, 2, "class " + c);
    }
    final Partition own = Partition.of(classes, 30, SplitSizes.parse("95/5"), SEED, "data");
    assertEquals(1900, own.training().length);
    assertEquals(100, own.validation().length);
    assertArrayEquals(IntStream.range(2000, 2030).toArray(), own.test());
  }

  @Test
  void shouldRefuseSizesThatDoNotFit() {
    assertEquals(
        "split sizes of data, which has a test of its own mismatch: expected=no share for a test,"
            + " as 90/10, actual=80/0/20",
        assertThrows(
                GradusException.class,
                () -> Partition.of(new int[10], 5, SplitSizes.parse("80/0/20"), SEED, "data"))
            .getMessage());
    for (final String text : new String[] {"80", "80/20/", "80/10/5", "0/50/50", "-10/100/10"}) {
      assertTrue(
          assertThrows(GradusException.class, () -> SplitSizes.parse(text))
              .getMessage()
              .endsWith("as 80/0/20, actual=" + text),
          text);
    }
  }

  @Test
  void shouldRefuseTooFewRows() {
    assertTrue(
        assertThrows(GradusException.class, () -> Partition.ofThree(new int[6], SEED, "data"))
            .getMessage()
            .contains("rows of data mismatch: expected=7 or more"));
  }
}
