package dev.gradus.optim;

/** The numbers of {@link dev.gradus.kernel.AdamUpdate}, in its order. */
final class AdamScalars {
  private AdamScalars() {}

  /**
   * Fills them in.
   *
   * @param keep what is left of a parameter before its step.
   * @param momentRate of the first moment, over {@code sqrt(v) + epsilon}.
   * @param gradientRate of the gradient itself, over the same.
   */
  static void fill(
      final float[] out,
      final double beta1,
      final double beta2,
      final double weightDecay,
      final double keep,
      final double momentRate,
      final double gradientRate,
      final double epsilon) {
    out[0] = (float) (1 - beta1);
    out[1] = (float) beta2;
    out[2] = (float) (1 - beta2);
    out[3] = (float) weightDecay;
    out[4] = (float) keep;
    out[5] = (float) momentRate;
    out[6] = (float) gradientRate;
    out[7] = (float) epsilon;
  }
}
