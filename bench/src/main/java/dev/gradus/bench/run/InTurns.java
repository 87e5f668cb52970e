package dev.gradus.bench.run;

import dev.gradus.bench.work.Turns;
import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs contenders in JVMs that live at the same time and measure one at a time, in turns of some
 * milliseconds: on a machine that is twice as slow at one time as at another, what they take is
 * compared turn by turn.
 */
public final class InTurns {
  private InTurns() {}

  /** A contender, and what runs it. */
  public record Entry(Fork fork, Contender contender) {}

  /**
   * One fork of each.
   *
   * @return their samples, in the entries' order.
   * @throws GradusException where interrupted, or no file can be made that they share.
   */
  public static List<Sample> run(final List<Entry> entries, final Effort effort) {
    try {
      final Path file = Files.createTempFile("gradus-turns", "");
      try (Turns turns = Turns.open(file, entries.size());
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        final List<Future<Sample>> running = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
          final int party = i;
          running.add(
              threads.submit(
                  () -> {
                    try {
                      final Entry entry = entries.get(party);
                      return entry
                          .fork()
                          .run(entry.contender(), effort, file, party, entries.size());
                    } finally {
                      turns.leave(party);
                    }
                  }));
        }
        return results(running, threads);
      } finally {
        Files.delete(file);
      }
    } catch (final IOException e) {
      throw new GradusException("cannot share turns: " + e.getMessage(), e);
    }
  }

  private static List<Sample> results(
      final List<Future<Sample>> running, final ExecutorService threads) {
    final List<Sample> samples = new ArrayList<>();
    try {
      for (final Future<Sample> one : running) {
        samples.add(one.get());
      }
      return samples;
    } catch (final InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new GradusException("interrupted while benchmarks ran", e);
    } catch (final ExecutionException e) {
      threads.shutdownNow();
      throw new GradusException("benchmarks failed: " + e.getCause(), e);
    }
  }
}
