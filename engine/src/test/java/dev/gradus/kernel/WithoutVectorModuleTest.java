package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The scalar kernels in a JVM without the Vector API, and what detection says there. */
final class WithoutVectorModuleTest {
  /** Runs in the other JVM: asks twice for the choice of kernels, and runs them all. */
  public static void main(final String[] arguments) {
    final KernelModes.Choice choice = KernelModes.detect();
    System.out.println("mode " + choice.mode().name() + ", " + KernelModes.detect().reason());
    System.out.println("hash " + AllKernels.hash(choice.mode()));
  }

  @Test
  void shouldRunScalarKernelsAndSaySoOnce() throws IOException, InterruptedException {
    final String output = OtherJvm.run(WithoutVectorModuleTest.class, OtherJvm.classPath());
    final String reason =
        "module jdk.incubator.vector is missing: add --add-modules jdk.incubator.vector";
    assertTrue(output.contains("mode SCALAR, " + reason), output);
    assertTrue(output.contains("hash " + AllKernels.hash(KernelMode.VECTOR)), output);
    final String warning = "many times slower than vector kernels: " + reason;
    assertEquals(2, output.split(warning, -1).length, "once expected in: " + output);
  }
}
