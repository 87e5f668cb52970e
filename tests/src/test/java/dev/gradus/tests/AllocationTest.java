package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.gradus.data.Augmentation;
import dev.gradus.data.Augmentations;
import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Split;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.optim.Optimizers;
import dev.gradus.parallel.WorkerTeam;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Warmed work allocates nothing on any thread of the engine, by the JVM's own count. */
@Tag("fresh-jvm")
final class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Repetitions of a window: an object of 16 bytes in each would be 1,600 bytes. */
  private static final int WINDOW = 100;

  /** C2 has compiled all there is long before; until then vectors are objects. */
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

  @ParameterizedTest
  @CsvSource({
    "VECTOR,1,sgd",
    "VECTOR,3,sgd",
    "VECTOR,1,momentum",
    "VECTOR,3,adam",
    "SCALAR,3,adam"
  })
  void shouldTrainWithoutGarbage(final KernelMode mode, final int threads, final String optimizer) {
    try (Workload work = Workload.classifier(threads, mode, Optimizers.byName(optimizer, 1e-3))) {
      assertNoGarbage(() -> work.steps(1));
    }
  }

  @Test
  void shouldTrainRegressionWithoutGarbage() {
    try (Workload work =
        new Workload(
            2,
            KernelMode.VECTOR,
            Losses.meanSquaredError(),
            Optimizers.byName("nesterov", 1e-3),
            32,
            64,
            3)) {
      assertNoGarbage(() -> work.steps(1));
    }
  }

  @Test
  void shouldPredictAndEvaluateWithoutGarbage() {
    try (Workload work = Workload.classifier(2, KernelMode.VECTOR, Optimizers.byName("sgd", 1e-3));
        PredictPlan predict =
            PredictPlan.compile(
                work.engine, work.network, work.parameters, new PlanOptions(Workload.ROWS));
        EvaluatePlan evaluate =
            EvaluatePlan.compile(
                work.engine,
                work.network,
                work.parameters,
                Losses.softmaxCrossEntropy(),
                new PlanOptions(Workload.ROWS))) {
      assertNoGarbage(
          () -> {
            predict.run(Workload.ROWS);
            predict.run(1);
            evaluate.run(Workload.ROWS);
          });
    }
  }

  @Test
  void shouldHandBatchesOverWithoutGarbage() {
    try (Workload work = Workload.classifier(1, KernelMode.VECTOR, Optimizers.byName("sgd", 1e-3));
        Dataset data = Dataset.classification(work.engine.account(), Shape.batched(300), 200)) {
      final Batches batches = new Batches(data, Split.all(200), 64, 5, true, true);
      assertNoGarbage(
          () -> {
            batches.startEpoch(1);
            int rows = batches.next(work.plan.input(), work.plan.target());
            while (rows > 0) {
              rows = batches.next(work.plan.input(), work.plan.target());
            }
          });
    }
  }

  @Test
  void shouldAugmentAndBalanceWithoutGarbage() {
    final Shape image = Shape.batched(1, 15, 20);
    try (Workload work = Workload.classifier(1, KernelMode.VECTOR, Optimizers.byName("sgd", 1e-3));
        Dataset data = Dataset.classification(work.engine.account(), image, 200);
        Slab room = Slab.open(work.engine.account(), "room", 1 << 17)) {
      final Tensor input = room.tensor(0, TensorType.float32(Shape.of(64, 300)));
      final Tensor target = room.tensor(81_920, TensorType.float32(Shape.of(64, 10)));
      final Augmentation augmentation =
          Augmentations.parse(
              "shift(2) rotate(10) scale(0.1) flip vertical_flip noise(0.1) cutout(4) mixup(0.2)");
      final Batches batches =
          new Batches(data, Split.all(200), 64, 5, true, true)
              .balanced()
              .augmented(augmentation, image);
      assertNoGarbage(
          () -> {
            batches.startEpoch(1);
            int rows = batches.next(input, target);
            while (rows > 0) {
              rows = batches.next(input, target);
            }
          });
    }
  }

  @Test
  void shouldNoticeOneSmallObject() {
    final Object[] kept = new Object[1];
    assertTrue(allocated(() -> kept[0] = new int[0]) >= 16L * WINDOW, "the count is blind");
  }

  static void assertNoGarbage(final Runnable work) {
    long bytes = Long.MAX_VALUE;
    final long start = System.nanoTime();
    while (bytes != 0 && System.nanoTime() - start < PATIENCE) {
      bytes = allocated(work);
    }
    assertTrue(bytes == 0, bytes + " bytes in " + WINDOW + " repetitions after all warm-up");
  }

  /** Bytes allocated by a window on this thread and the engine's workers. */
  private static long allocated(final Runnable work) {
    final long[] ids =
        Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
            .filter(info -> info != null && info.getThreadName().startsWith(WorkerTeam.THREAD_NAME))
            .mapToLong(info -> info.getThreadId())
            .toArray();
    final long self = Thread.currentThread().threadId();
    long before = THREADS.getThreadAllocatedBytes(self);
    final long counting = THREADS.getThreadAllocatedBytes(self) - before;
    final long workersBefore = sum(ids);
    before = THREADS.getThreadAllocatedBytes(self);
    for (int i = 0; i < WINDOW; i++) {
      work.run();
    }
    final long own = THREADS.getThreadAllocatedBytes(self) - before - counting;
    return own + sum(ids) - workersBefore;
  }

  private static long sum(final long[] ids) {
    long bytes = 0;
    for (final long id : ids) {
      bytes += THREADS.getThreadAllocatedBytes(id);
    }
    return bytes;
  }
}
