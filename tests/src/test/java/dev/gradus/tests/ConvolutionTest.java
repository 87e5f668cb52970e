package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.kernel.KernelMode;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.TrainPlan;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks of convolutions and pooling: the same bits however they are computed, and no garbage.
 */
final class ConvolutionTest {
  private static final Network NETWORK =
      Network.parse(
          "input(3,13,18) conv2d(8,3,1,1,relu) max_pool2d(2)"
              + " residual(conv2d(8,3,1,1,1,8,tanh) conv2d(8,1)) conv2d(12,2,2,0,1,2,leaky_relu)"
              + " avg_pool2d(2,1,1) conv_transpose2d(4,3,2) flatten() reshape(4,99)"
              + " conv1d(6,3,2,1,relu) max_pool1d(3,2,1) global_avg_pool()");

  /** Prints the hash of the weights after two short steps: the interpreter is slow. */
  static final class Hash {
    private Hash() {}

    static String of() {
      try (Engine engine = Engine.open(new EngineOptions(2, "java", KernelMode.VECTOR));
          Parameters parameters = Parameters.initialise(engine, NETWORK, 2);
          TrainPlan plan = NormTest.plan(engine, NETWORK, parameters)) {
        plan.step(3);
        plan.step(2);
        return parameters.sha256();
      }
    }

    public static void main(final String[] arguments) {
      System.out.println(of());
    }
  }

  @Test
  void shouldTrainToTheSameBits() {
    final Set<String> hashes = new HashSet<>();
    hashes.add(NormTest.trained(NETWORK, 1, KernelMode.SCALAR));
    for (final int threads : new int[] {1, 2, 3, 8}) {
      hashes.add(NormTest.trained(NETWORK, threads, KernelMode.VECTOR));
    }
    assertEquals(1, hashes.size(), hashes.toString());
  }

  @Test
  void shouldNotDependOnTheCompiler(@TempDir final Path folder) throws Exception {
    final String expected = Hash.of();
    assertEquals(expected, ChildJvm.run(folder, Hash.class, "-Xint"));
    assertEquals(expected, ChildJvm.run(folder, Hash.class, "-XX:TieredStopAtLevel=1"));
  }

  /** Trains and predicts until warmed runs make no garbage. */
  static final class Garbage {
    private Garbage() {}

    public static void main(final String[] arguments) {
      NormTest.assertNoGarbage(NETWORK);
      System.out.println("none");
    }
  }

  @Test
  void shouldTrainAndPredictWithoutGarbage(@TempDir final Path folder) throws Exception {
    assertEquals("none", ChildJvm.run(folder, Garbage.class));
  }
}
