package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.OtherJvm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * C1 must be able to compile every micro-kernel, as {@code dev.gradus.kernel.FirstTierTest} says.
 */
final class FirstTierTest {
  private static final int CALLS = 300;
  private static final int STEPS = 2;
  private static final int BYTES = 4096;

  /** Runs in a JVM whose last tier is C1: calls each kernel often enough to be compiled. */
  public static void main(final String[] arguments) {
    try (Arena arena = Arena.ofConfined()) {
      final float[] packed = new float[MicroKernels.MAX_ROWS * Blocking.ROW_PITCH];
      final long a = arena.allocate(BYTES, 64).address();
      final long b = arena.allocate(BYTES, 64).address();
      final long c = arena.allocate(BYTES, 64).address();
      final long row = 2L * Tile.LANES * Float.BYTES;
      for (int call = 0; call < CALLS; call++) {
        final float scale = call % 2;
        for (int rows = 1; rows <= MicroKernels.MAX_ROWS; rows++) {
          MicroKernels.packedByRow(rows, STEPS, packed, 0, b, row, c, row, c, row, scale);
          MicroKernels.packedByStep(rows, STEPS, packed, 0, b, row, c, row, c, row, scale);
          MicroKernels.narrow(rows, STEPS, a, 64, 4, b, row, c, row, c, row, scale);
          if (rows <= MicroKernels.MAX_STRIDED_ROWS) {
            MicroKernels.strided(rows, STEPS, a, 64, 4, b, row, c, row, c, row, scale);
          }
        }
      }
    }
  }

  @Test
  void shouldCompileEveryMicroKernel() throws IOException, InterruptedException {
    final String output =
        OtherJvm.run(
            FirstTierTest.class,
            OtherJvm.classPath(),
            "--add-modules=jdk.incubator.vector",
            "-Xbatch",
            "-XX:TieredStopAtLevel=3",
            "-XX:+PrintCompilation");
    final List<String> kernels =
        output.lines().filter(line -> line.matches(".*generated\\.MicroKernel\\d+::.*")).toList();
    final List<String> skipped =
        kernels.stream().filter(line -> line.contains("COMPILE SKIPPED")).toList();
    assertTrue(skipped.isEmpty(), () -> "not compiled by C1: " + skipped);
    final long compiled =
        kernels.stream()
            .map(line -> line.replaceAll(".*(MicroKernel\\S+).*", "$1"))
            .distinct()
            .count();
    assertEquals(3 * MicroKernels.MAX_ROWS + MicroKernels.MAX_STRIDED_ROWS, compiled, output);
  }
}
