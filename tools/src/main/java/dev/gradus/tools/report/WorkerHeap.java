package dev.gradus.tools.report;

import com.sun.management.ThreadMXBean;
import dev.gradus.parallel.WorkerTeam;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;

/**
 * Heap bytes of the engine's workers that there are when it is made; counting allocates nothing.
 */
public final class WorkerHeap {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long[] workers;

  public WorkerHeap() {
    workers =
        Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
            .filter(info -> info != null && info.getThreadName().startsWith(WorkerTeam.THREAD_NAME))
            .mapToLong(ThreadInfo::getThreadId)
            .toArray();
  }

  /** All that they have allocated so far. */
  public long bytes() {
    long bytes = 0;
    for (final long id : workers) {
      bytes += Math.max(0, threads.getThreadAllocatedBytes(id)); // -1 for one that has ended
    }
    return bytes;
  }
}
