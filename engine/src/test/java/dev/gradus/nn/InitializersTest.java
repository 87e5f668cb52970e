package dev.gradus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class InitializersTest {
  private static final int FAN_IN = 300;
  private static final int FAN_OUT = 200;
  private static final long SEED = 42;

  private static float[] draw(final Initializer initializer, final long seed, final long stream) {
    return draw(Shape.of(FAN_IN, FAN_OUT), initializer, seed, stream);
  }

  private static float[] draw(
      final Shape shape, final Initializer initializer, final long seed, final long stream) {
    final TensorType type = TensorType.float32(shape);
    try (Slab slab = Slab.open(new MemoryAccount(), "weights", Slab.aligned(type.bytes(1)))) {
      final var tensor = slab.tensor(0, type);
      initializer.fill(tensor, FAN_IN, FAN_OUT, seed, stream);
      return tensor.toFloatArray();
    }
  }

  static Stream<Arguments> uniform() {
    return Stream.of(
        Arguments.of(Initializers.glorotUniform(), Math.sqrt(6.0 / (FAN_IN + FAN_OUT))),
        Arguments.of(Initializers.heUniform(), Math.sqrt(6.0 / FAN_IN)),
        Arguments.of(Initializers.lecunUniform(), Math.sqrt(3.0 / FAN_IN)),
        Arguments.of(Initializers.uniform(-0.25f, 0.25f), 0.25));
  }

  static Stream<Arguments> normal() {
    return Stream.of(
        Arguments.of(Initializers.glorotNormal(), Math.sqrt(2.0 / (FAN_IN + FAN_OUT))),
        Arguments.of(Initializers.heNormal(), Math.sqrt(2.0 / FAN_IN)),
        Arguments.of(Initializers.lecunNormal(), Math.sqrt(1.0 / FAN_IN)),
        Arguments.of(Initializers.normal(0f, 0.02f), 0.02));
  }

  /**
   * Of 60,000 numbers the mean strays by less than 5 deviations of a mean, the deviation by less
   * than 2 percent (7 of its own deviations, 1 / sqrt(2 n)).
   */
  private static void assertMoments(final float[] values, final double deviation) {
    double sum = 0;
    double squares = 0;
    for (final float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    final double mean = sum / values.length;
    assertEquals(0, mean, 5 * deviation / Math.sqrt(values.length), "mean, seed=" + SEED);
    assertEquals(
        deviation,
        Math.sqrt(squares / values.length - mean * mean),
        0.02 * deviation,
        "standard deviation, seed=" + SEED);
  }

  @ParameterizedTest
  @MethodSource("uniform")
  void shouldDrawUniformlyWithinTheLimit(final Initializer initializer, final double limit) {
    final float[] values = draw(initializer, SEED, 0);
    double largest = 0;
    for (final float value : values) {
      assertTrue(Math.abs(value) <= (float) limit, value + " beyond " + limit);
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0.999 * limit, "the limit is almost reached: " + largest);
    assertMoments(values, limit / Math.sqrt(3));
  }

  @ParameterizedTest
  @MethodSource("normal")
  void shouldDrawNormally(final Initializer initializer, final double deviation) {
    final float[] values = draw(initializer, SEED, 0);
    assertMoments(values, deviation);
    int within = 0;
    for (final float value : values) {
      within += Math.abs(value) < deviation ? 1 : 0;
    }
    assertEquals(0.6827, (double) within / values.length, 0.01, "share within one deviation");
  }

  static Stream<Initializer> random() {
    return Stream.concat(
        Stream.concat(uniform(), normal()).map(arguments -> (Initializer) arguments.get()[0]),
        Stream.of(Initializers.truncatedNormal(0f, 1f), Initializers.orthogonal(1f)));
  }

  @ParameterizedTest
  @MethodSource("random")
  void shouldDrawTheSameBitsFromTheSameSeedAndStreamAlone(final Initializer initializer) {
    final float[] values = draw(initializer, SEED, 3);
    assertArrayEquals(values, draw(initializer, SEED, 3), 0f);
    for (final float[] other :
        List.of(draw(initializer, SEED + 1, 3), draw(initializer, SEED, 4))) {
      int same = 0;
      for (int i = 0; i < values.length; i++) {
        same += values[i] == other[i] ? 1 : 0;
      }
      assertTrue(same < values.length / 1000, same + " equal numbers");
    }
  }

  @Test
  void shouldFillWithConstants() {
    final float[] expected = new float[FAN_IN * FAN_OUT];
    assertArrayEquals(expected, draw(Initializers.zeros(), SEED, 0), 0f);
    Arrays.fill(expected, -2.5f);
    assertArrayEquals(expected, draw(Initializers.constant(-2.5f), SEED, 0), 0f);
  }

  @Test
  void shouldTruncateNormalDrawsAtTwoDeviations() {
    final float[] values = draw(Initializers.truncatedNormal(0f, 0.5f), SEED, 0);
    // The deviation of a normal distribution cut at 2: sqrt(1 - 4 p(2) / (2 P(2) - 1)).
    assertMoments(values, 0.5 * 0.87962566);
    double largest = 0;
    int within = 0;
    for (final float value : values) {
      largest = Math.max(largest, Math.abs(value));
      within += Math.abs(value) < 0.5 ? 1 : 0;
    }
    assertTrue(largest <= 1 && largest > 0.999, "the cut is almost reached: " + largest);
    assertEquals(0.6827 / 0.9545, (double) within / values.length, 0.01, "share within one");
  }

  @Test
  void shouldShiftByTheMean() {
    final float[] centred = draw(Initializers.truncatedNormal(0f, 1f), SEED, 1);
    final float[] shifted = draw(Initializers.truncatedNormal(3f, 1f), SEED, 1);
    for (int i = 0; i < centred.length; i++) {
      assertEquals(centred[i] + 3, shifted[i], 1e-6f);
    }
  }

  @ParameterizedTest
  @CsvSource({"300, 200", "200, 300", "64, 64", "1, 7", "7, 1"})
  void shouldDrawOrthonormalVectors(final int rows, final int columns) {
    final float[] values = draw(Shape.of(rows, columns), Initializers.orthogonal(2f), SEED, 0);
    final boolean wide = rows <= columns;
    final int vectors = Math.min(rows, columns);
    final int length = Math.max(rows, columns);
    for (int v = 0; v < vectors; v++) {
      for (int w = v; w < vectors; w++) {
        double dot = 0;
        for (int i = 0; i < length; i++) {
          dot +=
              (double) values[wide ? v * columns + i : i * columns + v]
                  * values[wide ? w * columns + i : i * columns + w];
        }
        assertEquals(v == w ? 4 : 0, dot, 1e-6, "product of vectors " + v + " and " + w);
      }
    }
  }

  @Test
  void shouldTakeTheFirstDimensionOfAnOrthogonalTensorForRows() {
    final float[] matrix = draw(Shape.of(4, 18), Initializers.orthogonal(1f), SEED, 0);
    assertArrayEquals(matrix, draw(Shape.of(4, 2, 3, 3), Initializers.orthogonal(1f), SEED, 0), 0f);
  }

  @Test
  void shouldFillWithGivenValues() {
    final Initializer values = Initializers.values(1f, -2f, 3f);
    assertArrayEquals(new float[] {1f, -2f, 3f}, draw(Shape.of(3), values, SEED, 0), 0f);
    assertMessage(
        "number of values of initializer mismatch: expected=2, actual=3",
        () -> draw(Shape.of(2), values, SEED, 0));
  }

  @Test
  void shouldRefuseImpossibleDistributions() {
    assertMessage(
        "range of uniform mismatch: expected=low < high, finite, actual=1.0 to 1.0",
        () -> Initializers.uniform(1f, 1f));
    assertMessage(
        "mean and deviation of normal mismatch: expected=finite, the deviation 0 or more,"
            + " actual=0.0 and -1.0",
        () -> Initializers.normal(0f, -1f));
    assertMessage(
        "mean and deviation of truncated normal mismatch: expected=finite, the deviation 0 or"
            + " more, actual=NaN and 1.0",
        () -> Initializers.truncatedNormal(Float.NaN, 1f));
    assertMessage(
        "gain of orthogonal out of range: expected=finite, actual=NaN",
        () -> Initializers.orthogonal(Float.NaN));
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }

  @Test
  void shouldStartEveryActivationInItsUsualWay() {
    assertMoments(draw(Initializers.usualFor(Activations.SELU), SEED, 0), Math.sqrt(1.0 / FAN_IN));
    for (final String name : new String[] {"relu", "leaky_relu(0.2)", "gelu", "mish"}) {
      assertMoments(
          draw(Initializers.usualFor(Activations.byName(name)), SEED, 0), Math.sqrt(2.0 / FAN_IN));
    }
    assertMoments(
        draw(Initializers.usualFor(Activations.SIGMOID), SEED, 0),
        Math.sqrt(2.0 / (FAN_IN + FAN_OUT)));
  }

  @Test
  void shouldStartDenseLayersByTheirActivation() {
    final double he = Math.sqrt(2.0 / FAN_IN);
    final float[] relu = draw(new Dense(FAN_OUT, Activations.RELU).weights(), SEED, 0);
    assertMoments(relu, he);
    assertFalse(Arrays.equals(relu, draw(new Dense(FAN_OUT, Activations.TANH).weights(), SEED, 0)));
    assertArrayEquals(
        draw(Initializers.glorotUniform(), SEED, 0),
        draw(new Dense(FAN_OUT).weights(), SEED, 0),
        0f);
  }
}
