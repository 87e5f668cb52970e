package dev.gradus.gemm;

/**
 * How a product is cut. Nothing here changes a bit of the result: each element of C is one chain of
 * fused multiply-adds in the order of k, whatever the cut.
 *
 * <ul>
 *   <li>A task is a block of C of its own, and packs what it reads for itself, so that there are no
 *       more of them than the workers need; tasks are cut where they are cheapest to feed.
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

  /** The most rows of A packed at a time, 52 tiles or 24; 309 KiB, in the second-level cache. */
  static final int MAX_PACKED_ROWS = 260;

  /**
   * The most panels of B that each tile of rows goes through: the second-level cache holds them.
   */
  static final int SHARED_PANELS = 16;

  /** More tasks than workers, where they can't be shared out evenly: at most so many times. */
  private static final int MAX_TASKS_PER_WORKER = 4;

  /**
   * The least work of a task, in multiply-adds: 7 microseconds at 150 GFLOP/s, against which the
   * hand-over to a thread that waits for work weighs little, as does packing a block twice.
   */
  static final long MIN_TASK_WORK = 1L << 19;

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

  /** The first column of task {@code index} of {@code across} side by side, in whole tiles. */
  static int startColumn(final int n, final int across, final int index) {
    return Math.min(n, start(parts(n, Tile.COLUMNS), across, index) * Tile.COLUMNS);
  }

  /**
   * The most tasks for a number of workers: the power of two whose fullest share is least, and of
   * those with the same share the least.
   */
  static int mostTasks(final int workers) {
    int best = 1;
    for (int tasks = 1; tasks <= MAX_TASKS_PER_WORKER * workers; tasks *= 2) {
      if ((long) parts(tasks, workers) * best < (long) parts(best, workers) * tasks) {
        best = tasks;
      }
    }
    return best;
  }

  /** The number of tasks: a power of two, or 0 where C is empty. */
  static int tasks(final int m, final int n, final int k, final int most) {
    return m == 0 || n == 0 ? 0 : tasksDown(m, n, k, most) * tasksAcross(m, n, k, most);
  }

  /** How many tasks lie below each other, along m. */
  static int tasksDown(final int m, final int n, final int k, final int most) {
    return cut(m, n, k, most, true);
  }

  /** How many tasks lie side by side, along n. */
  static int tasksAcross(final int m, final int n, final int k, final int most) {
    return cut(m, n, k, most, false);
  }

  /** Halves the longer side of the tasks while they stay large enough. */
  private static int cut(
      final int m, final int n, final int k, final int mostTasks, final boolean countDown) {
    final long most = Math.min(mostTasks, (long) m * n * Math.max(1, k) / MIN_TASK_WORK);
    int down = 1;
    int across = 1;
    while (2L * down * across <= most) {
      final int rows = m / down;
      final int columns = n / across;
      final boolean cutsRows = rows >= 2 * MIN_TASK_ROWS;
      if (columns >= 2 * MIN_TASK_COLUMNS && (columns >= rows || !cutsRows)) {
        across *= 2;
      } else if (cutsRows) {
        down *= 2;
      } else {
        break;
      }
    }
    return countDown ? down : across;
  }
}
