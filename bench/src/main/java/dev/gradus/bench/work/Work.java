package dev.gradus.bench.work;

/**
 * How much one operation of a benchmark does, so that time becomes GFLOP/s, GB/s or samples/s and
 * stands beside the machine's limits. A benchmark tells it in its setup; {@link WorkProfiler} reads
 * it in the same JVM. It is static because JMH gives a profiler no way to a benchmark's state.
 *
 * @param flops floating-point operations; 0 where they are not counted.
 * @param bytes read from and written to memory by the algorithm.
 * @param samples rows of a batch; 0 where there are none.
 * @param footprint the bytes of all buffers, which decides the level of cache; 0 where unknown.
 */
public record Work(double flops, Bytes bytes, double samples, double footprint) {
  private static volatile Work current = new Work(0, Bytes.NONE, 0, 0);

  /**
   * Bytes by what becomes of them, which decides how fast they can be moved: a core fetches a line
   * before it writes into it, so that copying moves three bytes for two, updating in place two.
   *
   * @param read alone.
   * @param written alone.
   * @param updated read and written.
   */
  public record Bytes(double read, double written, double updated) {
    /** Not counted. */
    public static final Bytes NONE = new Bytes(0, 0, 0);

    /** Those of which no more is known: as if they were read. */
    public static Bytes read(final double count) {
      return new Bytes(count, 0, 0);
    }

    /** Those that are read and those that are written. */
    public double total() {
      return read + written + 2 * updated;
    }

    /** Those of {@code count} times the work. */
    public Bytes times(final double count) {
      return new Bytes(count * read, count * written, count * updated);
    }
  }

  /** Tells what an operation of this JVM's one benchmark does. */
  public static void tell(final Work work) {
    current = work;
  }

  static Work current() {
    return current;
  }
}
