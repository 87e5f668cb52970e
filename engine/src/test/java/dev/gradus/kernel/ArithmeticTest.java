package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.memory.OffHeap;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Addition, subtraction, product, bias and fill: correctly rounded, so compared bit by bit. */
final class ArithmeticTest {
  private static final long SEED = 7001;

  record Row(
      String name, Function<KernelMode, BinaryKernel> kernel, DoubleBinaryOperator function) {
    @Override
    public String toString() {
      return name;
    }

    /** Rounding the double result once more gives the float result: 53 >= 2 * 24 + 2. */
    float[] expected(final float[] a, final float[] b) {
      final float[] expected = new float[a.length];
      for (int i = 0; i < a.length; i++) {
        expected[i] = (float) function.applyAsDouble(a[i], b[i]);
      }
      return expected;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("add", Add::of, (a, b) -> a + b),
        new Row("subtract", Subtract::of, (a, b) -> a - b),
        new Row("multiply", Multiply::of, (a, b) -> a * b));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldRoundCorrectly(final Row row) {
    for (final int count : Kernels.COUNTS) {
      for (final int misalignment : Kernels.MISALIGNMENTS) {
        final float[] a = Kernels.strange(SEED + count, count);
        final float[] b = Kernels.normal(SEED - count, count, 3);
        final float[] expected = row.expected(a, b);
        final String what = row + " seed " + SEED + " count " + count;
        final float[][] apart =
            Kernels.run(
                what,
                misalignment,
                (mode, at) -> row.kernel.apply(mode).run(at[0], at[1], at[2], count),
                a,
                b,
                Kernels.poison(count));
        Kernels.assertSameBits(a, apart[0], what + " a");
        Kernels.assertSameBits(b, apart[1], what + " b");
        Kernels.assertSameBits(expected, apart[2], what);
        for (int target = 0; target < 2; target++) {
          final int out = target;
          final float[][] inPlace =
              Kernels.run(
                  what + " in place",
                  misalignment,
                  (mode, at) -> row.kernel.apply(mode).run(at[0], at[1], at[out], count),
                  a,
                  b);
          Kernels.assertSameBits(expected, inPlace[out], what + " over input " + out);
        }
      }
    }
  }

  @Test
  void shouldAddBiasToEachRow() {
    final int rows = 3;
    for (final int columns : Kernels.COUNTS) {
      for (final int misalignment : Kernels.MISALIGNMENTS) {
        final float[] x = Kernels.normal(SEED + columns, rows * columns, 3);
        final float[] bias = Kernels.normal(SEED - columns, columns, 3);
        final float[] expected = new float[x.length];
        for (int i = 0; i < x.length; i++) {
          expected[i] = x[i] + bias[i % columns];
        }
        final String what = "bias, seed " + SEED + " columns " + columns;
        final float[][] apart =
            Kernels.run(
                what,
                misalignment,
                (mode, at) -> AddBias.of(mode).run(at[0], at[1], at[2], rows, columns),
                x,
                bias,
                Kernels.poison(x.length));
        Kernels.assertSameBits(expected, apart[2], what);
        final float[][] inPlace =
            Kernels.run(
                what + " in place",
                misalignment,
                (mode, at) -> AddBias.of(mode).run(at[0], at[1], at[0], rows, columns),
                x,
                bias);
        Kernels.assertSameBits(expected, inPlace[0], what + " in place");
        Kernels.assertSameBits(bias, inPlace[1], what + " bias");
      }
    }
  }

  @Test
  void shouldFill() {
    for (final int count : Kernels.COUNTS) {
      for (final int misalignment : Kernels.MISALIGNMENTS) {
        final float[][] after =
            Kernels.run(
                "fill " + count,
                misalignment,
                (mode, at) -> Fill.of(mode).run(at[0], -2.5f, count),
                Kernels.poison(count));
        final float[] expected = new float[count];
        Arrays.fill(expected, -2.5f);
        Kernels.assertSameBits(expected, after[0], "fill " + count);
      }
    }
  }

  @Test
  void shouldFindTheFirstNumberThatIsNotFinite() {
    final float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (final int count : Kernels.COUNTS) {
      final float[] x = Kernels.normal(SEED, count, 1e38);
      assertEquals(-1, firstNonFinite(x), "count " + count);
      for (int i = count - 1; i >= 0; i -= 1 + count / 20) {
        x[i] = bad[i % bad.length];
        assertEquals(i, firstNonFinite(x), "count " + count);
      }
    }
  }

  private static int firstNonFinite(final float[] x) {
    final float[][] after =
        Kernels.run(
            "non-finite",
            4,
            (mode, at) ->
                OffHeap.setInt(at[1], (int) NonFinite.of(mode).firstIndex(at[0], x.length)),
            x,
            Kernels.poison(1));
    return Float.floatToRawIntBits(after[1][0]);
  }
}
