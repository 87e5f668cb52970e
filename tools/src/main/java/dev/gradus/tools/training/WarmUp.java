package dev.gradus.tools.training;

import com.sun.management.ThreadMXBean;
import dev.gradus.data.Batches;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Steps before those that are measured, on weights of their own that are thrown away: until the JVM
 * has compiled the kernels, and so allocates no more vectors on the heap.
 */
final class WarmUp {
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int STEPS_IN_A_ROW = 300;

  private WarmUp() {}

  /** Takes steps until some hundred in a row have allocated nothing; the number of steps. */
  static long run(
      final Engine engine,
      final Network network,
      final TrainingOptions options,
      final int capacity,
      final Batches batches) {
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final long start = System.nanoTime();
    long steps = 0;
    try (Parameters parameters = Parameters.initialise(engine, network, options.seed());
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                options.loss(),
                options.optimizer(),
                new PlanOptions(capacity))) {
      int clean = 0;
      int epoch = 0;
      long elapsed = 0;
      while (elapsed < MOST_NANOS && (clean < STEPS_IN_A_ROW || elapsed < LEAST_NANOS)) {
        final long before = threads.getCurrentThreadAllocatedBytes();
        final int rows = batches.next(plan.input(), plan.target());
        if (rows == 0) {
          batches.startEpoch(epoch++);
        } else {
          plan.step(rows);
          steps++;
          clean = threads.getCurrentThreadAllocatedBytes() == before ? clean + 1 : 0;
        }
        elapsed = System.nanoTime() - start;
      }
    }
    return steps;
  }
}
