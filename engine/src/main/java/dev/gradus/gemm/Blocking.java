package dev.gradus.gemm;

/**
 * How a product is cut, from its shape alone. Nothing here changes a bit of the result: each
 * element of C is one chain of fused multiply-adds in the order of k, whatever the cut.
 *
 * <ul>
 *   <li>A task is a block of C of its own; tasks are cut where they are cheapest to feed.
 *   <li>Within a task k is cut evenly into blocks of at most {@value #MAX_STEPS}, so that one
 *       packed panel of B (16 columns of 8 lanes, or 32 of 16) and one of A stay in a first-level
 *       cache of 32 KiB.
 *   <li>Rows are cut evenly into micro-kernels: 64 rows are 12 times 5 and 4, never 5s and a rest
 *       of 1.
 * </ul>
 */
final class Blocking {
  /** The most steps of k in one pass over C. */
  static final int MAX_STEPS = 288;

  /**
   * Floats between rows of A packed by row: an odd number of cache lines, so that rows fall into
   * different sets.
   */
  static final int ROW_PITCH = 304;

  /**
   * The most rows of A that are packed at a time: with a full k-block 311 KiB, in the second-level
   * cache.
   */
  static final int MAX_PACKED_ROWS = 260;

  /** The most tasks, for a machine of as many cores. */
  private static final int MAX_TASKS = 32;

  /**
   * The least work of a task, in multiply-adds: some 30 microseconds, ten times the hand-over to a
   * thread.
   */
  private static final long MIN_TASK_WORK = 1L << 21;

  private static final int MIN_TASK_COLUMNS = 64;
  private static final int MIN_TASK_ROWS = 32;

  private Blocking() {}

  /** The number of parts of at most {@code most} that {@code size} is cut into; 1 for 0. */
  static int parts(final int size, final int most) {
    return Math.max(1, (size + most - 1) / most);
  }

  /** Where part {@code index} of {@code parts} even ones starts. */
  static int start(final int size, final int parts, final int index) {
    return (int) ((long) size * index / parts);
  }

  /** The number of tasks: a power of two. */
  static int tasks(final int m, final int n, final int k) {
    if (m == 0 || n == 0) {
      return 0;
    }
    final long most = Math.min(MAX_TASKS, (long) m * n * Math.max(1, k) / MIN_TASK_WORK);
    int tasks = 1;
    int rows = m;
    int columns = n;
    while (tasks * 2L <= most) {
      if (columns >= 2 * MIN_TASK_COLUMNS && (columns >= rows || rows < 2 * MIN_TASK_ROWS)) {
        columns /= 2;
      } else if (rows >= 2 * MIN_TASK_ROWS) {
        rows /= 2;
      } else {
        break;
      }
      tasks *= 2;
    }
    return tasks;
  }

  /** How many of the {@code tasks} lie side by side along n; the rest of the factor is along m. */
  static int tasksAcross(final int m, final int n, final int tasks) {
    int across = 1;
    int rows = m;
    int columns = n;
    for (int left = tasks; left > 1; left /= 2) {
      if (columns >= 2 * MIN_TASK_COLUMNS && (columns >= rows || rows < 2 * MIN_TASK_ROWS)) {
        columns /= 2;
        across *= 2;
      } else {
        rows /= 2;
      }
    }
    return across;
  }
}
