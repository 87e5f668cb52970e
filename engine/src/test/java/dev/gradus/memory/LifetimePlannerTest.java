package dev.gradus.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.LifetimePlanner.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LifetimePlannerTest {
  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldKeepBlocksApartThatLiveTogether(final long seed) {
    final Random random = new Random(seed);
    final int steps = 1 + random.nextInt(30);
    final List<Lifetime> lives = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      final int first = random.nextInt(steps);
      final int last = first + random.nextInt(steps - first);
      final long bytes = random.nextInt(5) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 24));
      lives.add(new Lifetime(bytes, first, last));
    }
    final Layout layout = LifetimePlanner.place(lives);
    assertValid(lives, layout, "seed=" + seed);
    assertEquals(layout, LifetimePlanner.place(lives), "the same blocks lie alike, seed=" + seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldLayAChainInTheLeastMemory(final long seed) {
    final Random random = new Random(seed);
    final List<Lifetime> lives = new ArrayList<>();
    final int length = 1 + random.nextInt(20);
    long largestPair = 0;
    for (int i = 0; i < length; i++) {
      lives.add(new Lifetime(1 + random.nextLong(100_000), i, i + 1));
      largestPair =
          Math.max(
              largestPair,
              Slab.aligned(lives.get(i).bytes())
                  + (i == 0 ? 0 : Slab.aligned(lives.get(i - 1).bytes())));
    }
    final Layout layout = LifetimePlanner.place(lives);
    assertValid(lives, layout, "seed=" + seed);
    assertEquals(largestPair, layout.bytes(), "seed=" + seed);
    assertEquals(largestPair, LifetimePlanner.lowerBound(lives), "seed=" + seed);
  }

  private static void assertValid(
      final List<Lifetime> lives, final Layout layout, final String which) {
    assertEquals(lives.size(), layout.offsets().size(), which);
    long end = 0;
    for (int i = 0; i < lives.size(); i++) {
      final Lifetime life = lives.get(i);
      final long from = layout.offsets().get(i);
      assertTrue(from >= 0 && from % Slab.ALIGNMENT == 0, "offset " + from + ", " + which);
      end = Math.max(end, from + Slab.aligned(life.bytes()));
      for (int j = 0; j < i; j++) {
        final Lifetime other = lives.get(j);
        final long otherFrom = layout.offsets().get(j);
        final boolean together = life.first() <= other.last() && other.first() <= life.last();
        final boolean shared = from < otherFrom + other.bytes() && otherFrom < from + life.bytes();
        assertTrue(!(together && shared), "blocks " + j + " and " + i + " share bytes, " + which);
      }
    }
    assertEquals(end, layout.bytes(), which);
    assertTrue(layout.bytes() >= LifetimePlanner.lowerBound(lives), which);
  }

  @Test
  void shouldTakeTurnsInOnePlace() {
    final Layout layout =
        LifetimePlanner.place(
            List.of(new Lifetime(100, 0, 0), new Lifetime(128, 1, 1), new Lifetime(1, 2, 2)));
    assertEquals(new Layout(List.of(0L, 0L, 0L), 128), layout);
  }

  @Test
  void shouldPlaceSideBySideWhatLivesTogether() {
    final List<Lifetime> lives = List.of(new Lifetime(64, 0, 5), new Lifetime(64, 5, 9));
    assertEquals(128, LifetimePlanner.place(lives).bytes(), "step 5 needs both");
  }

  @Test
  void shouldPlaceNothing() {
    assertEquals(new Layout(List.of(), 0), LifetimePlanner.place(List.of()));
    assertEquals(0, LifetimePlanner.lowerBound(List.of()));
  }

  @Test
  void shouldRefuseMoreThanCanBeCounted() {
    final List<Lifetime> lives =
        List.of(new Lifetime(Long.MAX_VALUE / 2, 0, 1), new Lifetime(Long.MAX_VALUE - 200, 1, 1));
    assertEquals(
        "sum of bytes out of range: expected=below 2^63, actual=4611686018427387904 and"
            + " 9223372036854775616",
        assertThrows(GradusException.class, () -> LifetimePlanner.place(lives)).getMessage());
  }

  @Test
  void shouldRefuseLivesThatAreNone() {
    assertEquals(
        "lifetime out of range: expected=bytes of 0 or more, last >= first, actual=-1 bytes in"
            + " 0..0",
        assertThrows(GradusException.class, () -> new Lifetime(-1, 0, 0)).getMessage());
    assertThrows(GradusException.class, () -> new Lifetime(1, 3, 2));
  }
}
