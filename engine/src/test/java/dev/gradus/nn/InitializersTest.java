package dev.gradus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class InitializersTest {
  private static final int FAN_IN = 300;
  private static final int FAN_OUT = 200;
  private static final long SEED = 42;

  private static float[] draw(final Initializer initializer, final long seed, final long stream) {
    final TensorType type = TensorType.float32(Shape.of(FAN_IN, FAN_OUT));
    try (Slab slab = Slab.open(new MemoryAccount(), "weights", Slab.aligned(type.bytes(1)))) {
      final var tensor = slab.tensor(0, type);
      initializer.fill(tensor, FAN_IN, FAN_OUT, seed, stream);
      return tensor.toFloatArray();
    }
  }

  static Stream<Arguments> uniform() {
    return Stream.of(
        Arguments.of(Initializers.glorotUniform(), Math.sqrt(6.0 / (FAN_IN + FAN_OUT))),
        Arguments.of(Initializers.heUniform(), Math.sqrt(6.0 / FAN_IN)));
  }

  static Stream<Arguments> normal() {
    return Stream.of(
        Arguments.of(Initializers.glorotNormal(), Math.sqrt(2.0 / (FAN_IN + FAN_OUT))),
        Arguments.of(Initializers.heNormal(), Math.sqrt(2.0 / FAN_IN)));
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
    return Stream.concat(uniform(), normal()).map(arguments -> (Initializer) arguments.get()[0]);
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
