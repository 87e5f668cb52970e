package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations and their gradients against double precision, in both modes, on awkward input. */
final class ActivationTest {
  private static final long SEED = 20261121;

  /**
   * One activation.
   *
   * @param ulps the largest error, with a margin over what an almost complete run over all floats
   *     found: relu 0, sigmoid 2.4, tanh 2.6.
   */
  record Row(
      Activation activation,
      DoubleUnaryOperator function,
      DoubleBinaryOperator gradient,
      double ulps) {
    @Override
    public String toString() {
      return activation.name();
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row(Relu.INSTANCE, x -> x <= 0 ? 0 : x, (y, dY) -> y <= 0 ? 0 : dY, 0),
        new Row(
            Sigmoid.INSTANCE,
            x -> x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)),
            (y, dY) -> dY * y * (1 - y),
            3),
        new Row(Tanh.INSTANCE, Math::tanh, (y, dY) -> dY * (1 - y * y), 3));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldMatchDoublePrecision(final Row row) {
    for (final int count : Kernels.COUNTS) {
      for (final int misalignment : Kernels.MISALIGNMENTS) {
        final float[] x = Kernels.normal(SEED + count, count, 5);
        checkForward(row, x, misalignment);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldKeepSpecialValues(final Row row) {
    checkForward(row, Kernels.strange(SEED, 3000), 0);
  }

  private static void checkForward(final Row row, final float[] x, final int misalignment) {
    final int count = x.length;
    final String what = row + " seed " + SEED + " count " + count;
    final float[][] after =
        Kernels.run(
            what,
            misalignment,
            (mode, at) -> row.activation.forward(mode).run(at[0], at[1], count),
            x,
            Kernels.poison(count));
    Kernels.assertSameBits(x, after[0], what + " input");
    for (int i = 0; i < count; i++) {
      final double expected = row.function.applyAsDouble(x[i]);
      final double error = Kernels.ulps(expected, after[1][i]);
      final String at = what + " at " + x[i] + ": " + expected + ", " + after[1][i];
      assertTrue(error <= row.ulps, () -> at + ", ulps " + error);
    }
    final float[][] inPlace =
        Kernels.run(
            what + " in place",
            misalignment,
            (mode, at) -> row.activation.forward(mode).run(at[0], at[0], count),
            x);
    Kernels.assertSameBits(after[1], inPlace[0], what + " in place");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldMatchDoublePrecisionInGradient(final Row row) {
    for (final int count : Kernels.COUNTS) {
      for (final int misalignment : Kernels.MISALIGNMENTS) {
        final float[] y = Kernels.normal(SEED + count, count, 5);
        for (int i = 0; i < count; i++) {
          y[i] = (float) row.function.applyAsDouble(y[i]);
        }
        checkGradient(row, y, Kernels.normal(SEED - count, count, 2), misalignment);
      }
    }
  }

  private static void checkGradient(
      final Row row, final float[] y, final float[] dY, final int misalignment) {
    final int count = y.length;
    final String what = row + " gradient, seed " + SEED + " count " + count;
    final float[][] after =
        Kernels.run(
            what,
            misalignment,
            (mode, at) -> row.activation.gradient(mode).run(at[0], at[1], at[2], count),
            y,
            dY,
            Kernels.poison(count));
    Kernels.assertSameBits(y, after[0], what + " y");
    Kernels.assertSameBits(dY, after[1], what + " dY");
    for (int i = 0; i < count; i++) {
      final double expected = row.gradient.applyAsDouble(y[i], dY[i]);
      // Four roundings at most; those of 1 - y and 1 + y are relative to their results.
      final double tolerance = 4 * Kernels.EPSILON * Math.abs(expected) + Float.MIN_VALUE;
      Kernels.assertClose(expected, after[2][i], tolerance, what + " at " + y[i]);
    }
    for (int target = 0; target < 2; target++) {
      final int out = target;
      final float[][] inPlace =
          Kernels.run(
              what + " in place",
              misalignment,
              (mode, at) -> row.activation.gradient(mode).run(at[0], at[1], at[out], count),
              y,
              dY);
      Kernels.assertSameBits(after[2], inPlace[out], what + " over input " + out);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldGiveTheSameBitsForStrangeGradients(final Row row) {
    final int count = 2000;
    Kernels.run(
        row + " strange gradient, seed " + SEED,
        0,
        (mode, at) -> row.activation.gradient(mode).run(at[0], at[1], at[2], count),
        Kernels.strange(SEED, count),
        Kernels.strange(SEED + 1, count),
        Kernels.poison(count));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldBePreciseOverAllFloats(final Row row) {
    // Every 4099th float. The scalar form alone, for speed: the vector form has the same bits.
    final int stride = 4099;
    final int block = 4096;
    final UnaryKernel kernel = row.activation.forward(KernelMode.SCALAR);
    try (Arena arena = Arena.ofConfined()) {
      final long x = arena.allocate(block * Integer.BYTES).address();
      final long y = arena.allocate(block * Float.BYTES).address();
      long bits = Integer.MIN_VALUE;
      while (bits <= Integer.MAX_VALUE) {
        for (int i = 0; i < block; i++) {
          OffHeap.setInt(x + (long) i * Integer.BYTES, (int) Math.min(bits, Integer.MAX_VALUE));
          bits += stride;
        }
        kernel.run(x, y, block);
        for (int i = 0; i < block; i++) {
          final float input = OffHeap.getFloat(x + (long) i * Float.BYTES);
          final float output = OffHeap.getFloat(y + (long) i * Float.BYTES);
          final double expected = row.function.applyAsDouble(input);
          assertTrue(
              Kernels.ulps(expected, output) <= row.ulps,
              () -> row + " at " + input + ": expected=" + expected + ", actual=" + output);
        }
      }
    }
  }
}
