package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.OtherJvm;
import dev.gradus.kernel.Window;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * C1 must be able to compile every micro-kernel and those of sparse gradients, as {@code
 * dev.gradus.kernel.FirstTierTest} says.
 */
final class FirstTierTest {
  private static final int CALLS = 300;

  /** Long enough to be compiled while it runs, from its loop on, which C1 finds harder still. */
  private static final int LONG = 3000;

  /** Runs in a JVM whose last tier is C1. */
  public static void main(final String[] arguments) {
    for (int rows = 1; rows <= MicroKernels.MAX_ROWS; rows++) {
      call(rows, LONG, 0f);
      for (int call = 0; call < CALLS; call++) {
        call(rows, 2, call % 2);
      }
    }
    sparse(8, true, Window.square(3, 1, 0, 1));
    sparse(1, false, Window.square(3, 1, 1, 1));
  }

  /** All kernels of a sparse gradient, over lists long and short. */
  private static void sparse(final int channels, final boolean inputs, final Window window) {
    final int side = 40;
    final int places = 900;
    final SparseConvolution convolution =
        SparseConvolution.of(KernelMode.VECTOR, window, channels, side, side, inputs);
    try (Arena arena = Arena.ofConfined()) {
      final long x = arena.allocate(4L * channels * side * side, 64).address();
      final long image = arena.allocate(convolution.imageBytes(), 64).address();
      final long turning = arena.allocate(convolution.turningBytes(), 64).address();
      final long list = arena.allocate(SparseConvolution.listBytes(places), 64).address();
      final long patch = arena.allocate(4L * convolution.patchFloats(), 64).address();
      final MemorySegment indices = arena.allocate(4L * places, 64);
      final MemorySegment values = arena.allocate(4L * places, 64);
      for (int i = 0; i < places; i++) {
        indices.setAtIndex(ValueLayout.JAVA_INT, i, i);
        values.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 3);
      }
      for (int call = 0; call < CALLS; call++) {
        convolution.turn(x, image, turning);
        final int all = call % 10 == 0 ? places : 16;
        final int count = convolution.list(indices.address(), values.address(), all, list);
        convolution.addWeights(image, list, all, count, patch);
        if (inputs) {
          convolution.addInputs(image, list, all, count, patch);
          convolution.turnBack(image, x, turning);
        }
      }
    }
  }

  private static void call(final int rows, final int steps, final float scale) {
    final long row = 2L * Tile.LANES * Float.BYTES;
    try (Arena arena = Arena.ofConfined()) {
      final float[] packed = new float[rows * (steps + Blocking.ROW_PITCH)];
      final long a = arena.allocate((steps + 16L * rows) * Float.BYTES, 64).address();
      final long b = arena.allocate(steps * row, 64).address();
      final long c = arena.allocate(rows * row, 64).address();
      MicroKernels.packedByRow(rows, steps, packed, 0, b, row, c, row, c, row, scale);
      MicroKernels.packedByStep(rows, steps, packed, 0, b, row, c, row, c, row, scale);
      final int[] table = new int[steps];
      MicroKernels.byTable(rows, steps, packed, 0, table, b, row, c, row, c, row, scale);
      MicroKernels.columnsByTable(rows, steps, packed, 0, table, b, c, row, c, row, scale);
      if (rows <= MicroKernels.MAX_NARROW_ROWS) {
        MicroKernels.narrow(rows, steps, a, 64, 4, b, row, c, row, c, row, scale);
      }
      if (rows <= MicroKernels.MAX_STRIDED_ROWS) {
        MicroKernels.strided(rows, steps, a, 64, 4, b, row, c, row, c, row, scale);
      }
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
            "-XX:Tier3BackEdgeThreshold=1000",
            "-XX:+PrintCompilation");
    final List<String> sparse =
        output.lines().filter(line -> line.contains(".VectorSparseConvolution::")).toList();
    for (final String name :
        List.of("list", "addWeights", "addInputs", "toBlocks", "four", "one", "fourInputs")) {
      assertTrue(sparse.stream().anyMatch(line -> line.contains("::" + name + " (")), output);
    }
    final List<String> kernels =
        output.lines().filter(line -> line.matches(".*generated\\.MicroKernel\\d+::.*")).toList();
    final List<String> skipped =
        Stream.concat(kernels.stream(), sparse.stream())
            .filter(line -> line.contains("COMPILE SKIPPED"))
            .toList();
    assertTrue(skipped.isEmpty(), () -> "not compiled by C1: " + skipped);
    final int all =
        4 * MicroKernels.MAX_ROWS + MicroKernels.MAX_STRIDED_ROWS + MicroKernels.MAX_NARROW_ROWS;
    assertEquals(all, distinct(kernels.stream().filter(line -> !line.contains(" @ "))), output);
    assertEquals(all, distinct(kernels.stream().filter(line -> line.contains(" @ "))), output);
  }

  private static long distinct(final Stream<String> lines) {
    return lines.map(line -> line.replaceAll(".*(MicroKernel\\S+).*", "$1")).distinct().count();
  }
}
