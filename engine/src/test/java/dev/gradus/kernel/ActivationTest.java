package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations and their gradients against double precision, in both modes, on awkward input. */
final class ActivationTest {
  private static final long SEED = 20261121;

  /** What a gradient may be off where it underflows: subnormal numbers times 2^7. */
  private static final double UNDERFLOW = 0x1p-141;

  /**
   * One activation.
   *
   * @param ulps the largest error, with a margin over what a run over every 101st float found.
   * @param slope f', from x or y as the activation wants it.
   * @param terms the magnitudes of what is added up in the slope.
   * @param roundings the largest error of the slope in units of half an ulp of the terms.
   */
  record Row(
      Activation activation,
      DoubleUnaryOperator function,
      double ulps,
      DoubleUnaryOperator slope,
      DoubleUnaryOperator terms,
      double roundings) {
    Row(
        final Activation activation,
        final DoubleUnaryOperator function,
        final double ulps,
        final DoubleUnaryOperator slope,
        final double roundings) {
      this(activation, function, ulps, slope, v -> Math.abs(slope.applyAsDouble(v)), roundings);
    }

    @Override
    public String toString() {
      return activation.describe();
    }
  }

  private static double sigmoid(final double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  /** Limits at infinity are those of the function, not of its formula. */
  private static double times(final double x, final double share) {
    return share == 0 ? -0.0 : x * share;
  }

  /** The tanh of softplus. */
  private static double mishShare(final double x) {
    final double t = Math.exp(-Math.abs(x));
    return x >= 0 ? (1 + 2 * t) / (1 + 2 * t + 2 * t * t) : t * (2 + t) / (2 + 2 * t + t * t);
  }

  private static double density(final double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The distribution of the standard normal: its Taylor series from the middle, the continued
   * fraction of Laplace in the tails.
   */
  private static double normal(final double x) {
    final double a = Math.abs(x);
    if (x >= 0) {
      return x == 0 ? 0.5 : 1 - normal(-x);
    }
    if (a > 3) {
      double fraction = a;
      for (int k = 200; k > 0; k--) {
        fraction = a + k / fraction;
      }
      return density(a) / fraction;
    }
    double term = a;
    double sum = a;
    for (int k = 1; k < 60; k++) {
      term *= a * a / (2 * k + 1);
      sum += term;
    }
    return Double.isNaN(x) ? x : 0.5 - density(a) * sum;
  }

  private static double tanhShare(final double x) {
    return sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
  }

  private static double tanhSteepness(final double x) {
    return 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
  }

  /** {@code x * g'(x)} where the slope of g vanishes faster than x grows. */
  private static double vanishing(final double x, final double slope) {
    return slope == 0 ? 0 : x * slope;
  }

  /** {@code y = x * g(x)}: the slope adds up g and x g', the first of which is never negative. */
  private static Row product(
      final Activation activation,
      final DoubleUnaryOperator share,
      final DoubleUnaryOperator shareSlope,
      final double ulps,
      final double roundings) {
    return new Row(
        activation,
        x -> times(x, share.applyAsDouble(x)),
        ulps,
        x -> share.applyAsDouble(x) + vanishing(x, shareSlope.applyAsDouble(x)),
        x -> share.applyAsDouble(x) + Math.abs(vanishing(x, shareSlope.applyAsDouble(x))),
        roundings);
  }

  static Stream<Row> rows() {
    final double seluScale = 1.0507009873554805;
    final double seluFloor = 1.0507009873554805 * 1.6732632423543772;
    return Stream.of(
        new Row(Linear.INSTANCE, x -> x, 0, y -> 1, 0),
        new Row(Relu.INSTANCE, x -> x <= 0 ? 0 : x, 0, y -> y <= 0 ? 0 : 1, 0),
        new Row(
            Relu6.INSTANCE, x -> Math.min(Math.max(x, 0), 6), 0, y -> y <= 0 || y >= 6 ? 0 : 1, 0),
        new Row(new LeakyRelu(), x -> x > 0 ? x : 0.01f * x, 0.5, y -> y > 0 ? 1 : 0.01f, 1),
        new Row(new LeakyRelu(0.3f), x -> x > 0 ? x : 0.3f * x, 0.5, y -> y > 0 ? 1 : 0.3f, 1),
        new Row(new Elu(), x -> x > 0 ? x : Math.expm1(x), 3, y -> y > 0 ? 1 : y + 1, 2),
        new Row(
            new Elu(0.3f), x -> x > 0 ? x : 0.3f * Math.expm1(x), 3, y -> y > 0 ? 1 : y + 0.3f, 2),
        new Row(
            Selu.INSTANCE,
            x -> x > 0 ? seluScale * x : seluFloor * Math.expm1(x),
            3,
            y -> y > 0 ? seluScale : y + seluFloor,
            y -> seluScale + Math.abs(y),
            3),
        new Row(Sigmoid.INSTANCE, ActivationTest::sigmoid, 3, y -> y * (1 - y), 4),
        new Row(
            HardSigmoid.INSTANCE,
            x -> Math.min(Math.max(x + 3, 0), 6) / 6,
            1,
            y -> y <= 0 || y >= 1 ? 0 : 1 / 6.0,
            1),
        new Row(Tanh.INSTANCE, Math::tanh, 3, y -> (1 - y) * (1 + y), 4),
        new Row(
            Softsign.INSTANCE,
            x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x)),
            1.5,
            y -> (1 - Math.abs(y)) * (1 - Math.abs(y)),
            4),
        new Row(
            Softplus.INSTANCE,
            x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
            3,
            y -> -Math.expm1(-y),
            6),
        new Row(Exponential.INSTANCE, Math::exp, 2, y -> y, 0),
        product(Silu.INSTANCE, ActivationTest::sigmoid, x -> sigmoid(x) * sigmoid(-x), 3, 8),
        product(
            Mish.INSTANCE,
            ActivationTest::mishShare,
            x -> (1 - mishShare(x)) * (1 + mishShare(x)) * sigmoid(x),
            4,
            12),
        product(Gelu.INSTANCE, ActivationTest::normal, ActivationTest::density, 7, 12),
        product(
            GeluTanh.INSTANCE,
            ActivationTest::tanhShare,
            x -> vanishing(tanhSteepness(x), tanhShare(x) * tanhShare(-x)),
            4,
            12));
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

  /** Ranges that can't be in a cache may go in pieces: all of them, the last one, too. */
  @ParameterizedTest
  @MethodSource("rows")
  void shouldGiveTheSameBitsOverLongRanges(final Row row) {
    final float[] x = new float[(1 << 18) + 4096 + 13];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (i * 0.6180339887498949 % 1) * 20f - 10f;
    }
    try (Arena arena = Arena.ofConfined()) {
      final GuardedBuffer input = new GuardedBuffer(arena, x, 4);
      final GuardedBuffer expected = new GuardedBuffer(arena, new float[x.length], 4);
      final GuardedBuffer actual = new GuardedBuffer(arena, new float[x.length], 4);
      row.activation.forward(KernelMode.SCALAR).run(input.address(), expected.address(), x.length);
      final UnaryKernel vector = row.activation.forward(KernelMode.VECTOR);
      vector.run(input.address(), actual.address(), x.length);
      assertArrayEquals(expected.values("scalar"), actual.values("vector"));
      vector.run(input.address(), input.address(), x.length);
      assertArrayEquals(expected.values("scalar"), input.values("in place"));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldMatchDoublePrecisionInGradient(final Row row) {
    for (final int count : Kernels.COUNTS) {
      for (final int misalignment : Kernels.MISALIGNMENTS) {
        final float[] y = Kernels.normal(SEED + count, count, 5);
        for (int i = 0; i < count && !row.activation.gradientFromInput(); i++) {
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
      final double expected = dY[i] * row.slope.applyAsDouble(y[i]);
      final double terms = Math.abs(dY[i]) * row.terms.applyAsDouble(y[i]);
      // The product with dY is rounded too.
      final double tolerance = (row.roundings + 1) * Kernels.EPSILON * terms + UNDERFLOW;
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

  /** What looks at a float and what a kernel made of it. */
  private interface Check {
    void accept(float input, float output);
  }

  /** Runs a kernel over every 4099th float. Scalar alone, for speed: vectors give the same bits. */
  private static void overAllFloats(final UnaryKernel kernel, final Check check) {
    final int stride = 4099;
    final int block = 4096;
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
          check.accept(
              OffHeap.getFloat(x + (long) i * Float.BYTES),
              OffHeap.getFloat(y + (long) i * Float.BYTES));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldBePreciseOverAllFloats(final Row row) {
    overAllFloats(
        row.activation.forward(KernelMode.SCALAR),
        (input, output) -> {
          final double expected = row.function.applyAsDouble(input);
          assertTrue(
              Kernels.ulps(expected, output) <= row.ulps,
              () -> row + " at " + input + ": expected=" + expected + ", actual=" + output);
        });
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldHavePreciseGradientsOverAllFloats(final Row row) {
    final BinaryKernel gradient = row.activation.gradient(KernelMode.SCALAR);
    final boolean fromInput = row.activation.gradientFromInput();
    final UnaryKernel forward = row.activation.forward(KernelMode.SCALAR);
    try (Arena arena = Arena.ofConfined()) {
      final long ones = arena.allocate(4096 * Float.BYTES).address();
      Fill.of(KernelMode.SCALAR).run(ones, 1f, 4096);
      final long kept = arena.allocate(4096 * Float.BYTES).address();
      overAllFloats(
          (x, y, count) -> {
            if (fromInput) {
              gradient.run(x, ones, y, count);
            } else {
              forward.run(x, kept, count);
              gradient.run(kept, ones, y, count);
              // The check wants what the slope was computed from.
              OffHeap.ALL
                  .asSlice(x, count * Float.BYTES)
                  .copyFrom(OffHeap.ALL.asSlice(kept, count * Float.BYTES));
            }
          },
          (input, output) -> {
            final double expected = row.slope.applyAsDouble(input);
            final double terms = row.terms.applyAsDouble(input);
            final double most = row.roundings * Kernels.EPSILON * terms + UNDERFLOW;
            assertTrue(
                Float.isNaN(input)
                    || expected == output // both infinite
                    || Math.abs(expected - output) <= most,
                () -> row + " at " + input + ": expected=" + expected + ", actual=" + output);
          });
    }
  }
}
