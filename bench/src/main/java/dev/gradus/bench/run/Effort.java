package dev.gradus.bench.run;

import java.util.List;

/**
 * How long to measure.
 *
 * @param rounds forks of each contender.
 * @param warmupMillis in each fork.
 * @param measureMillis in each fork.
 */
public record Effort(int rounds, int warmupMillis, int measureMillis) {
  public static final Effort QUICK = new Effort(2, 2000, 800);

  /** For the gate: so many forks that their least and greatest make an interval of 97 %. */
  public static final Effort GATE = new Effort(6, 2000, 800);

  /** For a glance at the gate's ratios, which judges nothing. */
  public static final Effort GLANCE = new Effort(1, 1500, 400);

  public static final Effort FULL = new Effort(5, 4000, 3000);
  private static final int ITERATIONS = 5;

  /** Options of JMH for a single operation in a cold JVM. */
  static final List<String> ONCE = List.of("-wi", "0", "-i", "1");

  /** As much in each fork, but another number of them. */
  public Effort withRounds(final int forks) {
    return new Effort(forks, warmupMillis, measureMillis);
  }

  /**
   * What a row of that suite needs. A kernel is one loop, compiled within 0.9 s where that was
   * measured, with {@code gelu} and {@code cross-entropy} the last; a training step takes twice
   * that.
   */
  Effort forSuite(final String suite) {
    return suite.equals("kernel") ? new Effort(rounds, warmupMillis / 2, measureMillis / 2) : this;
  }

  /** As options of JMH. */
  List<String> options() {
    return List.of(
        "-wi",
        Integer.toString(ITERATIONS),
        "-w",
        warmupMillis / ITERATIONS + "ms",
        "-i",
        Integer.toString(ITERATIONS),
        "-r",
        measureMillis / ITERATIONS + "ms");
  }

  /** A guess, before anything was measured: the JVMs' start and the setup count, too. */
  public long secondsPerFork() {
    return 3L + (warmupMillis + measureMillis) / 1000;
  }
}
