package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same weights, however they are computed. */
final class SameBitsTest {
  private static final int STEPS = 12;

  /** Two full batches and a short one: an interpreter takes its time. */
  private static final int CHILD_STEPS = 3;

  @TempDir private Path folder;

  /** Prints the hash of the weights after a few steps. */
  static final class Hash {
    private Hash() {}

    static String of(final int threads, final KernelMode mode, final int steps) {
      try (Workload work = Workload.classifier(threads, mode, new Adam(1e-2))) {
        work.steps(steps);
        return work.parameters.sha256();
      }
    }

    public static void main(final String[] arguments) {
      System.out.println(of(2, KernelMode.VECTOR, CHILD_STEPS));
    }
  }

  @Test
  void shouldNotDependOnThreadsOrRuns() {
    final Set<String> hashes = new HashSet<>();
    for (int run = 0; run < 3; run++) {
      for (final int threads : new int[] {1, 2, 3, 8}) {
        hashes.add(Hash.of(threads, KernelMode.VECTOR, STEPS));
      }
    }
    assertEquals(1, hashes.size(), hashes.toString());
  }

  @Test
  void shouldNotDependOnTheCompiler() throws Exception {
    final String expected = Hash.of(1, KernelMode.VECTOR, CHILD_STEPS);
    assertEquals(expected, ChildJvm.run(folder, Hash.class, "-Xint"));
    assertEquals(expected, ChildJvm.run(folder, Hash.class, "-XX:TieredStopAtLevel=1"));
    assertEquals(expected, ChildJvm.run(folder, Hash.class, "-Xcomp", "-XX:-TieredCompilation"));
  }

  @Test
  void shouldBeTheSameWithScalarKernels() {
    assertEquals(Hash.of(1, KernelMode.VECTOR, STEPS), Hash.of(2, KernelMode.SCALAR, STEPS));
  }

  /** A plan for one row updates weights while it computes their gradient. */
  @Test
  void shouldBeTheSameInAPlanForOneRowAsInOneForMore() {
    for (final Optimizer optimizer : List.of(new Sgd(0.1), new Adam(1e-2))) {
      final String expected = rowByRow(1, 4, KernelMode.VECTOR, optimizer);
      assertEquals(expected, rowByRow(1, 1, KernelMode.VECTOR, optimizer));
      assertEquals(expected, rowByRow(3, 1, KernelMode.VECTOR, optimizer));
      assertEquals(expected, rowByRow(1, 1, KernelMode.SCALAR, optimizer));
    }
  }

  /** The hash of weights so many that their update is cut into chunks. */
  private static String rowByRow(
      final int threads, final int capacity, final KernelMode mode, final Optimizer optimizer) {
    final Network network = Network.mlp(Activations.RELU, 300, 2000, 7);
    try (Engine engine = Engine.open(new EngineOptions(threads, "java", mode));
        Parameters weights = Parameters.initialise(engine, network, 42);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                weights,
                Losses.softmaxCrossEntropy(),
                optimizer,
                new PlanOptions(capacity))) {
      final SplittableRandom random = new SplittableRandom(7);
      for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < 300; i++) {
          plan.input().set(i, (float) random.nextDouble());
        }
        plan.target().setInt(0, step % 7);
        plan.step(1);
      }
      return weights.sha256();
    }
  }

  @Test
  void shouldDependOnTheWork() {
    try (Workload work = Workload.classifier(1, KernelMode.VECTOR, new Adam(1e-2));
        Parameters fresh = Parameters.initialise(work.engine, work.network, 43)) {
      final String initial = work.parameters.sha256();
      assertNotEquals(initial, fresh.sha256());
      work.steps(1);
      assertNotEquals(initial, work.parameters.sha256());
    }
  }
}
