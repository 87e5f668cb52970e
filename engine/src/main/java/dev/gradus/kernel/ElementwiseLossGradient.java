package dev.gradus.kernel;

/**
 * {@code dPrediction[r,c] = dRows[r] / columns * df/dp(prediction[r,c], target[r,c])}, without the
 * division where {@link LossFunction#summed()}.
 */
public final class ElementwiseLossGradient {
  private final BinaryKernel slopes;
  private final ScaleRows scale;
  private final boolean summed;

  private ElementwiseLossGradient(final LossFunction function, final KernelMode mode) {
    this.slopes = function.slopes(mode);
    this.scale = ScaleRows.of(mode);
    this.summed = function.summed();
  }

  public static ElementwiseLossGradient of(final LossFunction function, final KernelMode mode) {
    return new ElementwiseLossGradient(function, mode);
  }

  /**
   * Writes the gradient.
   *
   * @param prediction (rows, columns).
   * @param target (rows, columns).
   * @param dRows (rows), the gradient with respect to each row's loss.
   * @param dPrediction (rows, columns); may be {@code prediction}.
   */
  public void run(
      final long prediction,
      final long target,
      final long dRows,
      final long dPrediction,
      final long rows,
      final long columns) {
    final float divisor = summed ? 1f : columns;
    final long group = SoftmaxRows.group(columns); // slopes are scaled while in the level-1 cache
    for (long from = 0; from < rows; from += group) {
      final long count = Math.min(group, rows - from);
      final long offset = from * columns * Float.BYTES;
      final long d = dPrediction + offset;
      slopes.run(prediction + offset, target + offset, d, count * columns);
      scale.run(d, dRows + from * Float.BYTES, count, columns, divisor);
    }
  }
}
