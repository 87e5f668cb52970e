package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * Softmax, and its cross-entropy with one class per row: {@code rowLoss[r] = log(sum over k of
 * exp(x[r,k] - max)) - (x[r,label] - max)}, which stays exact where the label's probability rounds
 * to 0 or 1.
 */
public final class SoftmaxCrossEntropy {
  private final SoftmaxRows passes;

  private SoftmaxCrossEntropy(final SoftmaxRows passes) {
    this.passes = passes;
  }

  public static SoftmaxCrossEntropy of(final KernelMode mode) {
    return new SoftmaxCrossEntropy(SoftmaxRows.of(mode));
  }

  /**
   * Writes probabilities and losses.
   *
   * @param logits (rows, columns).
   * @param labels int32 (rows), each from 0 to columns - 1.
   * @param probabilities (rows, columns), see {@link Softmax}; may be {@code logits}.
   * @param rowLoss (rows).
   */
  public void run(
      final long logits,
      final long labels,
      final long probabilities,
      final long rowLoss,
      final long rows,
      final long columns) {
    if (SoftmaxRows.isWide(columns)) {
      runWide(logits, labels, probabilities, rowLoss, rows, columns);
      return;
    }
    final long rowBytes = columns * Float.BYTES;
    final long group = SoftmaxRows.group(columns);
    for (long from = 0; from < rows; from += group) {
      final long to = Math.min(from + group, rows);
      for (long r = from; r < to; r++) {
        final long x = logits + r * rowBytes;
        final long label = OffHeap.getInt(labels + r * Integer.BYTES);
        // Read before the probabilities may overwrite it.
        final float logit = OffHeap.getFloat(x + label * Float.BYTES);
        final float max = passes.subtractMax(x, probabilities + r * rowBytes, columns);
        OffHeap.setFloat(rowLoss + r * Float.BYTES, logit - max);
      }
      passes.exp(probabilities + from * rowBytes, (to - from) * columns);
      for (long r = from; r < to; r++) {
        final float sum = passes.normalize(probabilities + r * rowBytes, columns);
        final long loss = rowLoss + r * Float.BYTES;
        OffHeap.setFloat(loss, Log.of(sum) - OffHeap.getFloat(loss));
      }
    }
  }

  private void runWide(
      final long logits,
      final long labels,
      final long probabilities,
      final long rowLoss,
      final long rows,
      final long columns) {
    final long rowBytes = columns * Float.BYTES;
    float max = rows > 0 ? passes.max(logits, columns) : 0f;
    for (long r = 0; r < rows; r++) {
      final long x = logits + r * rowBytes;
      final long y = probabilities + r * rowBytes;
      final long label = OffHeap.getInt(labels + r * Integer.BYTES);
      // Read before the probabilities may overwrite it.
      final float logit = OffHeap.getFloat(x + label * Float.BYTES);
      final float next = passes.expAndMax(x, y, columns, max, r + 1 < rows ? x + rowBytes : x);
      final float sum = passes.normalize(y, columns);
      OffHeap.setFloat(rowLoss + r * Float.BYTES, Log.of(sum) - (logit - max));
      max = next;
    }
  }
}
