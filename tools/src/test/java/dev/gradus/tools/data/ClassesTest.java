package dev.gradus.tools.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClassesTest {
  private static Samples samples(final boolean numbered, final String... targets) {
    final Features features =
        new Features.Pixels(new byte[targets.length], targets.length, Shape.batched(1));
    return new Samples("test data", features, List.of(targets), numbered, "", -1);
  }

  private static void assertRefused(
      final Samples samples, final int outputs, final String... parts) {
    final GradusException e =
        assertThrows(GradusException.class, () -> Classes.of(samples, outputs));
    assertTrue(e.getMessage().contains("test data"), e.getMessage());
    for (final String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void shouldSortTextsByAlphabetAndNumbersBySize() {
    assertEquals(
        List.of("ant", "bee", "cat"), Classes.of(samples(false, "cat", "ant", "bee"), 0).names());
    assertEquals(
        List.of("-1", "2", "10"), Classes.of(samples(false, "10", "2", "-1.0"), 0).names());
  }

  @Test
  void shouldIndexLabels() {
    final Classes classes = Classes.of(samples(false, "10", "2"), 0);
    assertArrayEquals(new int[] {0, 1, 0}, classes.indices(samples(false, "2", "10.0", "2")));
    final GradusException e =
        assertThrows(GradusException.class, () -> classes.indices(samples(false, "2", "3")));
    assertTrue(
        e.getMessage()
            .contains("label of row 2 of test data out of range: expected=one of [2, 10]"));
  }

  @Test
  void shouldOverlookAFullStop() {
    final Classes classes = Classes.of(samples(false, "<=50K", ">50K"), 0);
    assertArrayEquals(new int[] {1, 0}, classes.indices(samples(false, ">50K.", "<=50K")));
  }

  @Test
  void shouldTakeAsManyNumbersAsTheNetworkHasOutputs() {
    assertEquals(10, Classes.of(samples(true, "3", "7"), 10).size());
    assertEquals(10, Classes.of(samples(false, "3", "7"), 10).size());
  }

  @Test
  void shouldTakeNumbersWithoutGaps() {
    assertEquals(3, Classes.of(samples(true, "0", "2", "1", "2"), 0).size());
    assertEquals(3, Classes.of(samples(true, "1", "2"), 0).size());
  }

  @Test
  void shouldRefuseLabelsOutOfRange() {
    assertRefused(
        samples(true, "0", "10", "1"),
        10,
        "label of row 2",
        "expected=0 to 9, the network's outputs",
        "actual=10");
    assertRefused(
        samples(true, "0", "1", "77"), 0, "label of row 3", "expected=0 to 1", "actual=77");
  }

  @Test
  void shouldRefuseOutputsThatDoNotFit() {
    assertRefused(
        samples(false, "a", "b", "c"),
        10,
        "expected=3, the classes of test data [a, b, c]",
        "actual=10");
  }

  @Test
  void shouldRefuseAQuantityAsAClass() {
    assertRefused(samples(false, "1", "2.5"), 0, "row 2", "--loss mse", "actual=2.5");
    final String[] many = IntStream.range(0, 1500).mapToObj(String::valueOf).toArray(String[]::new);
    assertRefused(samples(false, many), 0, "expected=2 to 1000 (--loss mse", "actual=1500");
  }

  @Test
  void shouldRefuseOneClass() {
    assertRefused(samples(false, "a", "a"), 0, "expected=2 or more, actual=[a]");
  }
}
