package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Dataset;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.train.Hebb;
import dev.gradus.train.Oja;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules without targets against the first principal component, by power iteration in doubles. */
final class HebbianTest {
  private static final int ROWS = 300;
  private static final int N = 4;

  private final MemoryAccount account = new MemoryAccount();
  private final Dataset data =
      Dataset.open(
          account,
          TensorType.float32(Shape.batched(N)),
          TensorType.float32(Shape.batched(N)),
          ROWS);
  private final Dataset neuron =
      Dataset.open(
          account, TensorType.float32(Shape.batched(N)), TensorType.float32(Shape.batched(1)), 1);
  private final Tensor weights = neuron.features();

  /** Long along (2, 1, 0, -1). */
  @BeforeEach
  void fill() {
    final Random random = new Random(11);
    final float[] along = {2, 1, 0, -1};
    for (int row = 0; row < ROWS; row++) {
      final double common = random.nextGaussian();
      for (int i = 0; i < N; i++) {
        final double own = 0.5 * random.nextGaussian();
        data.features().set((long) row * N + i, (float) (along[i] * common + own));
      }
    }
    weights.copyFrom(new float[] {0.1f, -0.2f, 0.3f, 0.1f});
  }

  @AfterEach
  void close() {
    data.close();
    neuron.close();
  }

  private double[] component() {
    double[] v = {1, 1, 1, 1};
    for (int iteration = 0; iteration < 200; iteration++) {
      final double[] next = new double[N];
      for (int row = 0; row < ROWS; row++) {
        double y = 0;
        for (int i = 0; i < N; i++) {
          y += v[i] * data.features().get((long) row * N + i);
        }
        for (int i = 0; i < N; i++) {
          next[i] += y * data.features().get((long) row * N + i);
        }
      }
      final double length = length(next);
      for (int i = 0; i < N; i++) {
        v[i] = next[i] / length;
      }
    }
    return v;
  }

  private static double length(final double[] v) {
    double sum = 0;
    for (final double value : v) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private double[] w() {
    final double[] w = new double[N];
    for (int i = 0; i < N; i++) {
      w[i] = weights.get(i);
    }
    return w;
  }

  /** The cosine between weights and component, without its sign. */
  private double cosine() {
    final double[] component = component();
    final double[] w = w();
    double dot = 0;
    for (int i = 0; i < N; i++) {
      dot += w[i] * component[i];
    }
    return Math.abs(dot) / length(w);
  }

  @Test
  void shouldFindTheFirstPrincipalComponentByOjasRule() {
    assertTrue(cosine() < 0.5, "start " + cosine());
    double variance = 0;
    for (int pass = 0; pass < 200; pass++) {
      variance = new Oja(5e-4).pass(data.features(), weights);
    }
    assertEquals(1, cosine(), 1e-4);
    assertEquals(1, length(w()), 1e-2);
    assertEquals(6.25, variance, 1.5); // 6 along it and 0.25 everywhere, of 300 samples
  }

  @Test
  void shouldMakeOneStepOfEachRule() {
    data.features().copyFrom(new float[ROWS * N]);
    data.features().copyFrom(new float[] {1, 2, 0, -1});
    final float[] start = {0.5f, 0.25f, -1, 0.5f};
    weights.copyFrom(start);
    // y = 0.5
    assertEquals(0.25 / ROWS, new Hebb(0.1, false).pass(data.features(), weights), 1e-12);
    assertArrayEquals(new float[] {0.55f, 0.35f, -1, 0.45f}, weights.toFloatArray(), 1e-6f);
    weights.copyFrom(start);
    assertEquals(0.25 / ROWS, new Oja(0.1).pass(data.features(), weights), 1e-12);
    assertArrayEquals(
        new float[] {0.5375f, 0.34375f, -0.975f, 0.4375f}, weights.toFloatArray(), 1e-6f);
  }

  @Test
  void shouldGrowAlongTheComponentByHebbsRule() {
    final double before = length(w());
    new Hebb(5e-3, false).pass(data.features(), weights);
    assertTrue(length(w()) > 10 * before, "length " + length(w()));
    assertTrue(cosine() > 0.99, "cosine " + cosine());
    for (int pass = 0; pass < 20; pass++) {
      new Hebb(5e-4, true).pass(data.features(), weights);
    }
    assertEquals(1, length(w()), 1e-6);
    assertEquals(1, cosine(), 1e-4);
  }

  @Test
  void shouldRefuseWhatDoesNotFitAndChangeNothing() {
    final float[] before = weights.toFloatArray();
    final GradusException diverged =
        assertThrows(
            GradusException.class,
            () -> {
              for (int pass = 0; pass < 50; pass++) {
                new Oja(10).pass(data.features(), weights);
              }
            });
    assertTrue(diverged.getMessage().startsWith("weight after a pass of Oja's rule out of range"));
    assertArrayEquals(before, weights.toFloatArray());
    weights.copyFrom(new float[N]);
    assertRefused("weights of one neuron out of range", weights);
    assertRefused("weights of one neuron mismatch: expected=4 floats", neuron.targets());
    assertThrows(GradusException.class, () -> new Oja(0));
    assertThrows(GradusException.class, () -> new Hebb(Double.NaN, true));
  }

  private void assertRefused(final String start, final Tensor tensor) {
    final GradusException thrown =
        assertThrows(GradusException.class, () -> new Oja(0.1).pass(data.features(), tensor));
    assertTrue(thrown.getMessage().startsWith(start), thrown.getMessage());
  }
}
