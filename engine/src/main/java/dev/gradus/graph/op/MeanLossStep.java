package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Placement;
import dev.gradus.kernel.Sum;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;

/**
 * A loss that is the mean of terms: each row's sum goes to scratch, in parallel; then the caller's
 * thread adds the rows in a fixed order.
 */
abstract class MeanLossStep extends RowStep {
  private final Sum sum;
  private final long termsPerRow;
  private final long loss;

  /** One float for each row. */
  final long rowLoss;

  /**
   * Sets what is averaged.
   *
   * @param shape of the prediction.
   * @param termsPerRow terms in a row's sum.
   */
  MeanLossStep(
      final Backend backend, final Shape shape, final long termsPerRow, final Placement placement) {
    super(backend.team(), shape);
    this.sum = Sum.of(backend.mode());
    this.termsPerRow = termsPerRow;
    this.loss = placement.output(0);
    this.rowLoss = placement.scratch();
  }

  static long scratchBytes(final Shape prediction, final int capacity) {
    return prediction.vectors(capacity) * Float.BYTES;
  }

  @Override
  public final void run(final int rows) {
    super.run(rows);
    final long vectors = units(rows);
    OffHeap.setFloat(loss, sum.run(rowLoss, vectors) / (vectors * termsPerRow));
  }
}
