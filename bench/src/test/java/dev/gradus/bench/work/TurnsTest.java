package dev.gradus.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TurnsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  /** Parties that each map the file for themselves, and leave after their last turn. */
  private List<Integer> take(final int... turns) throws IOException, InterruptedException {
    final Path file = folder.resolve("turns");
    final List<Integer> taken = Collections.synchronizedList(new ArrayList<>());
    final List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < turns.length; i++) {
      final int party = i;
      final Turns own = Turns.open(file, turns.length);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int turn = 0; turn < turns[party]; turn++) {
                      own.await(party);
                      taken.add(party);
                      if (turn < turns[party] - 1) {
                        own.pass(party);
                      }
                    }
                    own.leave(party); // the last ones of all keep their turn
                  }));
    }
    for (final Thread thread : threads) {
      thread.join();
    }
    return taken;
  }

  @Test
  void shouldGiveEachItsTurn() {
    assertTimeoutPreemptively(
        PATIENCE, () -> assertEquals(List.of(0, 1, 2, 0, 1, 2, 0, 1, 2), take(3, 3, 3)));
  }

  @Test
  void shouldPassOverThoseThatHaveGone() {
    assertTimeoutPreemptively(
        PATIENCE, () -> assertEquals(List.of(1, 2, 1, 2, 2, 2), take(0, 2, 4)));
  }

  @Test
  void shouldBeAloneWithoutOthers() {
    assertTimeoutPreemptively(PATIENCE, () -> assertEquals(List.of(0, 0), take(2)));
  }

  @Test
  void shouldNotEndAnothersTurn() throws IOException {
    try (Turns turns = Turns.open(folder.resolve("turns"), 2)) {
      turns.pass(1);
      assertTimeoutPreemptively(PATIENCE, () -> turns.await(0));
    }
  }
}
