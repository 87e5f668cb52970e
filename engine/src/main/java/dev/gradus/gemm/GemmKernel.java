package dev.gradus.gemm;

/**
 * A product prepared for one {@link GemmSpec} and a number of workers, on neither of which a bit of
 * the result depends: each element of C is written by exactly one task, and how work is cut into
 * tasks changes no element. Runs allocate nothing.
 *
 * <p>An instance may keep scratch for each worker, so it belongs to one plan and to one run at a
 * time.
 */
public interface GemmKernel {
  /**
   * The number of tasks for these actual sizes, each at most that of the spec; 0 where C is empty.
   */
  int tasks(int m, int n, int k);

  /**
   * Runs one task.
   *
   * @param task 0 up to {@link #tasks}.
   * @param worker which of the prepared workers runs it.
   * @param aux what the epilogue reads, see {@link Epilogue}; ignored where it reads nothing.
   * @param scratch {@link #scratchBytes()} bytes for this worker alone, 64-byte aligned; ignored
   *     where that is 0.
   */
  void runTask(
      int task, int worker, int m, int n, int k, long a, long b, long c, long aux, long scratch);

  /** Runs the whole product on one thread; see {@link #runTask}. */
  default void run(
      final int worker,
      final int m,
      final int n,
      final int k,
      final long a,
      final long b,
      final long c,
      final long aux,
      final long scratch) {
    final int tasks = tasks(m, n, k);
    for (int task = 0; task < tasks; task++) {
      runTask(task, worker, m, n, k, a, b, c, aux, scratch);
    }
  }

  /**
   * Off-heap bytes of B as {@link #pack} lays it out, for many products with the same B; 0 where
   * that gains nothing and neither {@link #pack} nor {@link #runPacked} may be called.
   */
  default long packedBytes() {
    return 0;
  }

  /**
   * Lays out B, of the spec's n and k, for {@link #runPacked}; {@code packed} is 64-byte aligned.
   */
  default void pack(final long b, final long packed) {
    throw new UnsupportedOperationException(description());
  }

  /** A whole product of the spec's n and k on one thread, with B as {@link #pack} laid it out. */
  default void runPacked(
      final int worker,
      final int m,
      final long a,
      final long packed,
      final long c,
      final long aux,
      final long scratch) {
    throw new UnsupportedOperationException(description());
  }

  /** Off-heap bytes each worker needs beside the operands. */
  default long scratchBytes() {
    return 0;
  }

  /** Backend and kernel for the report, for example {@code java 6x16 256-bit}. */
  String description();
}
