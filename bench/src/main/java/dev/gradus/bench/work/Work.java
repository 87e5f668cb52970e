package dev.gradus.bench.work;

/**
 * How much one operation of a benchmark does, so that time becomes GFLOP/s, GB/s or samples/s and
 * stands beside the machine's limits. A benchmark tells it in its setup; {@link WorkProfiler} reads
 * it in the same JVM. It is static because JMH gives a profiler no way to a benchmark's state.
 *
 * @param flops floating-point operations; 0 where they are not counted.
 * @param bytes read from and written to memory by the algorithm; 0 where they are not counted.
 * @param samples rows of a batch; 0 where there are none.
 * @param footprint the bytes of all buffers, which decides the level of cache; 0 where unknown.
 */
public record Work(double flops, double bytes, double samples, double footprint) {
  private static volatile Work current = new Work(0, 0, 0, 0);

  /** Tells what an operation of this JVM's one benchmark does. */
  public static void tell(final Work work) {
    current = work;
  }

  static Work current() {
    return current;
  }
}
