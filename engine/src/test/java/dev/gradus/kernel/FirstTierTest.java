package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * C1 must be able to compile every kernel. One that it gives up on, for want of virtual registers,
 * may stay where it is, a thousand times slower than compiled by C2: the way to C2 leads through
 * C1.
 */
final class FirstTierTest {
  private static final int CALLS = 300;

  /** Runs in a JVM whose last tier is C1: calls each kernel often enough to be compiled. */
  public static void main(final String[] arguments) {
    for (int kernel = 0; kernel < AllKernels.KERNELS; kernel++) {
      AllKernels.call(KernelMode.VECTOR, kernel, CALLS);
    }
  }

  @Test
  void shouldCompileEveryKernel() throws IOException, InterruptedException {
    final String output =
        OtherJvm.run(
            FirstTierTest.class,
            OtherJvm.classPath(),
            "--add-modules=jdk.incubator.vector",
            "-Xbatch",
            "-XX:TieredStopAtLevel=3",
            "-XX:+PrintCompilation");
    final List<String> kernels =
        output.lines().filter(line -> line.contains("dev.gradus.kernel.")).toList();
    final List<String> skipped =
        kernels.stream().filter(line -> line.contains("COMPILE SKIPPED")).toList();
    assertTrue(skipped.isEmpty(), () -> "not compiled by C1: " + skipped);
    for (final String largest : List.of("AdamUpdate$Vector::run", "SoftmaxRows$Vector")) {
      assertTrue(kernels.stream().anyMatch(line -> line.contains(largest)), largest);
    }
  }
}
