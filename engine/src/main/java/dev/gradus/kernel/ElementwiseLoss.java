package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * {@code rowLoss[r] = mean over c of f(prediction[r,c], target[r,c])}, or the sum, see {@link
 * LossFunction#summed()}; added up in the order of {@link Sum}.
 */
public final class ElementwiseLoss {
  private final BinaryKernel terms;
  private final Sum sum;
  private final boolean summed;

  private ElementwiseLoss(final LossFunction function, final KernelMode mode) {
    this.terms = function.terms(mode);
    this.sum = Sum.of(mode);
    this.summed = function.summed();
  }

  public static ElementwiseLoss of(final LossFunction function, final KernelMode mode) {
    return new ElementwiseLoss(function, mode);
  }

  /**
   * Writes each row's loss.
   *
   * @param prediction (rows, columns).
   * @param target (rows, columns).
   * @param scratch (rows, columns), overlapping none of the others.
   * @param rowLoss (rows), likewise.
   */
  public void run(
      final long prediction,
      final long target,
      final long scratch,
      final long rowLoss,
      final long rows,
      final long columns) {
    final long rowBytes = columns * Float.BYTES;
    final float divisor = summed ? 1f : columns;
    final long group = SoftmaxRows.group(columns); // terms are summed while in the level-1 cache
    for (long from = 0; from < rows; from += group) {
      final long to = Math.min(from + group, rows);
      final long offset = from * rowBytes;
      terms.run(prediction + offset, target + offset, scratch + offset, (to - from) * columns);
      for (long r = from; r < to; r++) {
        final float total = sum.run(scratch + r * rowBytes, columns);
        OffHeap.setFloat(rowLoss + r * Float.BYTES, total / divisor);
      }
    }
  }
}
