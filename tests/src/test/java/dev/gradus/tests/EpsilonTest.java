package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.optim.Adam;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector that never collects: garbage, however little a step, would end the run. */
final class EpsilonTest {
  @TempDir private Path folder;

  /** Millions of steps: one object of 16 bytes in each is more than the heap holds. */
  static final class Steps {
    private static final int STEPS = 6_000_000;

    private Steps() {}

    public static void main(final String[] arguments) {
      try (Workload work =
          new Workload(
              1, KernelMode.SCALAR, Losses.softmaxCrossEntropy(), new Adam(1e-3), 2, 2, 2)) {
        for (int i = 0; i < STEPS; i++) {
          work.plan.step(1);
        }
        System.out.println(work.plan.steps());
      }
    }
  }

  @Test
  void shouldTrainOnAHeapThatIsNeverCollected() throws Exception {
    final String printed =
        ChildJvm.run(
            folder,
            Steps.class,
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+UseEpsilonGC",
            "-Xms80m",
            "-Xmx80m");
    assertEquals(Integer.toString(Steps.STEPS), printed);
  }
}
