package dev.gradus.bench.run;

import java.util.List;

/**
 * How long to measure.
 *
 * @param rounds forks of each contender.
 * @param warmupMillis in each fork, beyond what {@link dev.gradus.bench.work.Steady} did: for other
 *     engines, and JMH's own loops.
 * @param measureMillis in each fork.
 */
public record Effort(int rounds, int warmupMillis, int measureMillis) {
  public static final Effort QUICK = new Effort(2, 1200, 600);

  /**
   * For the gate: so many forks that their least and greatest but one make an interval of 93 %, and
   * one that was disturbed all the time does not widen it.
   */
  public static final Effort GATE = new Effort(8, 600, 800);

  /** For a glance at the gate's ratios, which judges nothing. */
  public static final Effort GLANCE = new Effort(1, 600, 400);

  public static final Effort FULL = new Effort(5, 4000, 3000);
  private static final int WARMUP_ITERATIONS = 5;

  /** A turn is as short as that, so that what the machine does meets all who take turns. */
  private static final int TURN_MILLIS = 40;

  /** Options of JMH for a single operation in a cold JVM. */
  static final List<String> ONCE = List.of("-wi", "0", "-i", "1");

  /** As much in each fork, but another number of them. */
  public Effort withRounds(final int forks) {
    return new Effort(forks, warmupMillis, measureMillis);
  }

  /** What a row of that suite needs: a kernel is one loop, and has no spread of its own. */
  public Effort forSuite(final String suite) {
    return suite.equals("kernel") ? new Effort(rounds, warmupMillis / 2, measureMillis / 2) : this;
  }

  /** As options of JMH. */
  List<String> options() {
    return List.of(
        "-bm",
        "sample",
        "-wi",
        Integer.toString(WARMUP_ITERATIONS),
        "-w",
        warmupMillis / WARMUP_ITERATIONS + "ms",
        "-i",
        Integer.toString(measureMillis / TURN_MILLIS),
        "-r",
        TURN_MILLIS + "ms");
  }

  /**
   * A guess, before anything was measured, of a round of contenders that take turns: their JVMs
   * start together, warm up one after the other, and wait until they are idle after each turn.
   */
  public double seconds(final int contenders) {
    return 2.5 + contenders * (1 + (warmupMillis + 1.5 * measureMillis) / 1000);
  }
}
