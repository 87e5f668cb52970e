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

  /** What a compiler or a spinning thread may still do after a measured iteration. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

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
      IdleProfiler.awaitIdle(IdleProfiler.PATIENCE_NANOS);
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
      pass(PATIENCE_NANOS);
    } else if (++warmUps == benchmark.getWarmup().getCount()) {
      pass(IdleProfiler.PATIENCE_NANOS);
    }
    return List.of();
  }

  private void pass(final long patienceNanos) {
    IdleProfiler.awaitIdle(patienceNanos);
    turns.pass(party);
    isMyTurn = false;
  }
}
