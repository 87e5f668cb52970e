package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Split;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.Shape;
import dev.gradus.optim.Optimizers;
import dev.gradus.optim.Schedules;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.ClassMetrics;
import dev.gradus.train.EarlyStopping;
import dev.gradus.train.LossGrowth;
import dev.gradus.train.MaxSteps;
import dev.gradus.train.NumberMetrics;
import dev.gradus.train.ParameterChange;
import dev.gradus.train.TargetLoss;
import dev.gradus.train.TimeBudget;
import dev.gradus.train.TrainListener;
import dev.gradus.train.Trainer;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All that a training loop does from step to step allocates nothing, once it is compiled. */
@Tag("fresh-jvm")
final class TrainerAllocationTest {
  private static final int BATCH = 64;
  private static final int STEPS = 100;
  private static final int ROWS = BATCH * STEPS - 7; // the last batch is short
  private static final int CLASSES = 10;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

  /** Keeps metrics of each step, and counts the bytes from the first step's end to the last's. */
  private static final class Count implements TrainListener {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TrainPlan plan;
    private final boolean wasteful;
    private ClassMetrics classes;
    private NumberMetrics numbers;
    private Object waste;
    private long first;
    private long last;
    private int steps;

    Count(final TrainPlan plan, final boolean wasteful) {
      this.plan = plan;
      this.wasteful = wasteful;
      begin();
    }

    /** Before a run. */
    void begin() {
      classes = new ClassMetrics(CLASSES, 3, true, ROWS);
      numbers = new NumberMetrics();
      steps = 0;
    }

    @Override
    public void afterStep(
        final int epoch, final long step, final int rows, final float loss, final long nanos) {
      classes.add(plan.output(), plan.target(), rows);
      numbers.add(plan.output(), plan.output(), rows);
      if (wasteful) {
        waste = new int[0];
      }
      steps++;
      last = threads.getCurrentThreadAllocatedBytes();
      first = steps == 1 ? last : first;
    }

    long bytes() {
      assertEquals(STEPS, steps);
      assertEquals(ROWS, classes.rows());
      assertEquals((long) ROWS * CLASSES, numbers.count());
      assertEquals(wasteful, waste != null);
      return last - first;
    }
  }

  /** The bytes of an epoch, but for its first step, once it allocates no more than expected. */
  private static long bytes(final boolean wasteful, final long expected) {
    try (Workload work =
            Workload.classifier(1, KernelMode.VECTOR, Optimizers.byName("adam", 1e-3));
        Dataset data = Dataset.classification(work.engine.account(), Shape.batched(300), ROWS);
        EarlyStopping early =
            new EarlyStopping(work.engine, work.network, work.parameters, 10_000, 0);
        ParameterChange change =
            new ParameterChange(work.engine, work.network, work.parameters, 1e-30)) {
      for (long i = 0; i < data.features().elements(); i++) {
        data.features().set(i, i * 31 % 101 / 101f);
      }
      for (int row = 0; row < ROWS; row++) {
        data.targets().setInt(row, row % CLASSES);
      }
      final Batches batches = new Batches(data, Split.all(ROWS), BATCH, 5, true, true);
      final Count count = new Count(work.plan, wasteful);
      final Trainer trainer =
          new Trainer(work.plan, batches, count)
              .schedule(Schedules.parse("warmup(100) cosine", 1_000_000))
              .stopping(
                  early,
                  change,
                  new LossGrowth(1e6),
                  new MaxSteps(1_000_000),
                  new TargetLoss(-1),
                  new TimeBudget(3600));
      final long start = System.nanoTime();
      long bytes = Long.MAX_VALUE;
      while (bytes > expected && System.nanoTime() - start < PATIENCE_NANOS) {
        count.begin();
        trainer.run(1);
        bytes = count.bytes();
      }
      return bytes;
    }
  }

  @Test
  void shouldAllocateNothingFromStepToStep() {
    assertEquals(0, bytes(false, 0));
  }

  @Test
  void shouldNoticeOneSmallObjectInEachStep() {
    final long least = 16L * (STEPS - 1);
    assertEquals(least, bytes(true, least));
  }
}
