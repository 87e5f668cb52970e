package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vector code of losses gives the bits of their scalar code, whatever comes in. */
final class LossFunctionTest {
  private static final long SEED = 2718;

  /** Every loss function, some with several settings. */
  static List<LossFunction> functions() {
    return List.of(
        new SquaredError(),
        new AbsoluteError(),
        new Huber(1f, false),
        new Huber(0.25f, true),
        new BinaryCrossEntropy(1f),
        new BinaryCrossEntropy(3.5f),
        new BinaryCrossEntropyOfProbabilities(),
        new CategoricalCrossEntropy(),
        new SoftTargets(),
        new KlDivergence(),
        new Poisson(true),
        new Poisson(false),
        new Hinge(),
        new Wasserstein(),
        new Adversarial("generator", new BinaryCrossEntropy(1f), -1f, 0f),
        new Adversarial("discriminator", new SquaredError(), 0.5f, Float.NaN));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void shouldComputeTermsToTheSameBits(final LossFunction function) {
    for (final int count : Kernels.COUNTS) {
      final float[] p = Kernels.strange(SEED + count, count);
      for (final float[] t : targets(count)) {
        final float[] out =
            Kernels.run(
                function + " of " + count + ", seed " + SEED,
                4,
                (mode, at) -> function.terms(mode).run(at[0], at[1], at[2], count),
                p,
                t,
                Kernels.poison(count))[2];
        for (int i = 0; i < count; i++) {
          assertEquals(function.term(p[i], t[i]), out[i], function + " at " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void shouldComputeSlopesToTheSameBits(final LossFunction function) {
    for (final int count : Kernels.COUNTS) {
      final float[] p = Kernels.strange(SEED + count, count);
      for (final float[] t : targets(count)) {
        for (final int place : new int[] {0, 2}) { // in the prediction's place, and apart
          final float[] out =
              Kernels.run(
                  function + " slope of " + count + ", seed " + SEED,
                  4,
                  (mode, at) -> function.slopes(mode).run(at[0], at[1], at[place], count),
                  p,
                  t,
                  Kernels.poison(count))[place];
          for (int i = 0; i < count; i++) {
            assertEquals(function.slope(p[i], t[i]), out[i], function + " slope at " + i);
          }
        }
      }
    }
  }

  /** Any bits, and what classifiers want: 0, 1, -1 and what lies between. */
  private static List<float[]> targets(final int count) {
    final float[] shares = Kernels.normal(SEED - count, count, 1);
    for (int i = 0; i < count; i++) {
      shares[i] = i % 4 == 3 ? (float) Math.abs(Math.sin(shares[i])) : i % 4 - 1;
    }
    return List.of(Kernels.strange(-SEED - count, count), shares);
  }
}
