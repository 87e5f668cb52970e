package dev.gradus.bench.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.IterationType;

/**
 * Lets benchmarks of several JVMs take {@link Turns}: the first turn is all warm-up iterations,
 * each further one a measured iteration, so that the n-th of all JVMs lie within a fraction of a
 * second. A turn ends when its process is idle. What the JVMs share is told by the variables of
 * {@link #environment}. Used as {@code -prof dev.gradus.bench.work.TurnsProfiler}.
 */
public final class TurnsProfiler implements InternalProfiler {
  private static final String FILE = "GRADUS_TURNS_FILE";
  private static final String PARTY = "GRADUS_TURNS_PARTY";
  private static final String PARTIES = "GRADUS_TURNS_PARTIES";

  /** How long a compiler may work after an iteration of warming up. */
  private static final long WARMING_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** How long it, or a spinning thread, may after a measured one. */
  private static final long MEASURED_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private Turns turns;
  private int party;
  private boolean isMyTurn;
  private int warmUps;

  /** Variables for the JVM of a party. */
  public static Map<String, String> environment(
      final Path file, final int party, final int parties) {
    return Map.of(
        FILE, file.toString(), PARTY, Integer.toString(party), PARTIES, Integer.toString(parties));
  }

  @Override
  public String getDescription() {
    return "takes turns with benchmarks in other JVMs";
  }

  @Override
  public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
    if (!isMyTurn) {
      open();
      turns.await(party);
      isMyTurn = true;
    }
    if (iteration.getType() == IterationType.WARMUP) {
      Idle.await(WARMING_NANOS);
    }
  }

  private void open() {
    if (turns != null) {
      return;
    }
    try {
      party = Integer.parseInt(System.getenv(PARTY));
      turns = Turns.open(Path.of(System.getenv(FILE)), Integer.parseInt(System.getenv(PARTIES)));
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      final BenchmarkParams benchmark,
      final IterationParams iteration,
      final IterationResult result) {
    if (iteration.getType() == IterationType.MEASUREMENT) {
      pass(MEASURED_NANOS);
    } else if (++warmUps == benchmark.getWarmup().getCount()) {
      pass(WARMING_NANOS);
    }
    return List.of();
  }

  private void pass(final long patienceNanos) {
    Idle.await(patienceNanos);
    turns.pass(party);
    isMyTurn = false;
  }
}
