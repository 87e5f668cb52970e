package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gradus.kernel.KernelMode;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Parameters;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
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
