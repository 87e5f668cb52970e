package dev.gradus.kernel;

import org.junit.jupiter.api.Test;

/** Optimizer updates, several steps each, against the same formula in double precision. */
final class UpdateTest {
  private static final long SEED = 31337;
  private static final int STEPS = 4;

  // All numbers here are below 10; a step makes about ten roundings.
  private static final double TOLERANCE = STEPS * 10 * 10 * Kernels.EPSILON;

  @Test
  void shouldDescend() {
    for (final double weightDecay : new double[] {0, 0.1}) {
      for (final int count : Kernels.COUNTS) {
        final float[] p = Kernels.normal(SEED, count, 1);
        final double[] expected = doubles(p);
        float[] actual = p;
        for (int step = 1; step <= STEPS; step++) {
          final float[] g = Kernels.normal(SEED + step, count, 1);
          final String what = "sgd " + count + " step " + step + ", seed " + SEED;
          final float[][] after =
              Kernels.run(
                  what,
                  4,
                  (mode, at) ->
                      SgdUpdate.of(mode).run(at[0], at[1], count, 0.05f, (float) weightDecay),
                  actual,
                  g);
          Kernels.assertSameBits(g, after[1], what + " gradient");
          for (int i = 0; i < count; i++) {
            expected[i] -= 0.05 * (g[i] + weightDecay * expected[i]);
          }
          assertClose(expected, after[0], what);
          actual = after[0];
        }
      }
    }
  }

  @Test
  void shouldGatherMomentum() {
    for (final boolean nesterov : new boolean[] {false, true}) {
      for (final double weightDecay : new double[] {0, 0.1}) {
        for (final int count : Kernels.COUNTS) {
          checkMomentum(nesterov, weightDecay, count);
        }
      }
    }
  }

  private static void checkMomentum(
      final boolean nesterov, final double weightDecay, final int count) {
    float[][] state = {Kernels.normal(SEED, count, 1), null, new float[count]};
    final double[] p = doubles(state[0]);
    final double[] v = new double[count];
    for (int step = 1; step <= STEPS; step++) {
      state[1] = Kernels.normal(SEED + step, count, 1);
      final String what = "momentum " + nesterov + " " + count + " step " + step + ", seed " + SEED;
      final float[][] after =
          Kernels.run(
              what,
              4,
              (mode, at) ->
                  MomentumUpdate.of(mode)
                      .run(at[0], at[1], at[2], count, 0.05f, 0.9f, nesterov, (float) weightDecay),
              state);
      Kernels.assertSameBits(state[1], after[1], what + " gradient");
      for (int i = 0; i < count; i++) {
        final double g = state[1][i] + weightDecay * p[i];
        v[i] = 0.9 * v[i] + g;
        p[i] -= 0.05 * (nesterov ? g + 0.9 * v[i] : v[i]);
      }
      assertClose(p, after[0], what + " parameter");
      assertClose(v, after[2], what + " velocity");
      state = after;
    }
  }

  @Test
  void shouldAdapt() {
    for (final double weightDecay : new double[] {0, 0.1}) {
      for (final int count : Kernels.COUNTS) {
        checkAdam(weightDecay, count);
      }
    }
  }

  private static void checkAdam(final double weightDecay, final int count) {
    float[][] state = {Kernels.normal(SEED, count, 1), null, new float[count], new float[count]};
    final double[] p = doubles(state[0]);
    final double[] m = new double[count];
    final double[] v = new double[count];
    for (int step = 1; step <= STEPS; step++) {
      final double stepSize = 0.01 / (1 - Math.pow(0.9, step));
      final double root = Math.sqrt(1 - Math.pow(0.999, step));
      final float[] scalars = {
        0.1f,
        0.999f,
        (float) (1 - 0.999),
        (float) weightDecay,
        1,
        (float) (stepSize * root),
        0,
        (float) (1e-8 * root)
      };
      state[1] = Kernels.normal(SEED + step, count, 1);
      final String what = "adam " + count + " step " + step + ", seed " + SEED;
      final float[][] after =
          Kernels.run(
              what,
              4,
              (mode, at) ->
                  AdamUpdate.of(mode).run(at[0], at[1], at[2], at[3] - at[2], count, scalars),
              state);
      Kernels.assertSameBits(state[1], after[1], what + " gradient");
      for (int i = 0; i < count; i++) {
        final double g = state[1][i] + weightDecay * p[i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        p[i] -= stepSize * m[i] / (Math.sqrt(v[i]) / root + 1e-8);
      }
      assertClose(p, after[0], what + " parameter");
      assertClose(m, after[2], what + " first moment");
      assertClose(v, after[3], what + " second moment");
      state = after;
    }
  }

  private static double[] doubles(final float[] values) {
    final double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static void assertClose(
      final double[] expected, final float[] actual, final String what) {
    for (int i = 0; i < expected.length; i++) {
      Kernels.assertClose(expected[i], actual[i], TOLERANCE, what + " at " + i);
    }
  }
}
