package dev.gradus.bench.gate;

import dev.gradus.bench.work.Workload;
import dev.gradus.plan.PlanReport;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * What holds on any machine, however busy: off-heap bytes are those announced, a warmed step and a
 * warmed prediction allocate nothing on the heap, and the weights after a few steps don't depend on
 * the number of threads.
 */
public final class ExactChecks {
  private static final String BACKEND = "java";
  private static final int STEPS = 5;
  private static final long PATIENCE_SECONDS = 20;
  private static final int[] THREADS = {1, 2, 3};

  private ExactChecks() {}

  /** One check and what came of it. */
  public record Finding(String check, String expected, String actual) {
    public boolean passed() {
      return expected.equals(actual);
    }

    /** One line. */
    public String describe() {
      return passed()
          ? "ok    " + check + ": " + actual
          : "FAIL  " + check + ": expected=" + expected + ", actual=" + actual;
    }
  }

  /**
   * Checks a model of {@link dev.gradus.bench.work.Models} or a file.
   *
   * @throws dev.gradus.memory.GradusException where there is no such model or optimizer.
   */
  public static List<Finding> of(final String model, final String optimizer, final int batch) {
    final String name = model + " " + optimizer + " batch " + batch;
    final List<Finding> findings = new ArrayList<>();
    final List<String> hashes = new ArrayList<>();
    for (final int threads : THREADS) {
      try (Workload workload = Workload.open(model, batch, BACKEND, threads)) {
        final PlanReport announced = workload.announced(optimizer);
        try (TrainPlan plan = workload.training(optimizer)) {
          findings.add(
              new Finding(
                  "off-heap bytes, " + name + threads(threads),
                  Long.toString(announced.totalBytes()),
                  Long.toString(workload.engine().account().openBytes())));
          for (int i = 0; i < STEPS; i++) {
            plan.step(batch);
          }
          hashes.add(workload.parameters().sha256());
          if (threads < THREADS.length) {
            findings.add(heap("step, " + name + threads(threads), () -> plan.step(batch)));
          }
        }
        if (threads == 1) {
          try (PredictPlan plan = workload.prediction()) {
            findings.add(heap("prediction, " + name, () -> plan.run(batch)));
          }
        }
      }
    }
    for (int i = 1; i < THREADS.length; i++) {
      findings.add(
          new Finding("weights, " + name + threads(THREADS[i]), hashes.get(0), hashes.get(i)));
    }
    return findings;
  }

  /** The finding of one operation: none or some bytes. */
  static Finding heap(final String what, final Runnable operation) {
    final double bytes = HeapCount.bytesPerOperation(operation, PATIENCE_SECONDS);
    return new Finding("heap bytes of a " + what, "0.0", Double.toString(bytes));
  }

  private static String threads(final int count) {
    return count == 1 ? ", 1 thread" : ", " + count + " threads";
  }
}
