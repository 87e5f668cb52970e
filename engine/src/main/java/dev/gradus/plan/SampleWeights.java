package dev.gradus.plan;

import dev.gradus.kernel.NonFinite;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/** The weights of samples that a plan's caller may write, (capacity): all 1 until then. */
final class SampleWeights {
  private final Tensor tensor;
  private final NonFinite nonFinite;

  SampleWeights(final Engine engine, final Tensor tensor) {
    this.tensor = tensor;
    this.nonFinite = NonFinite.of(engine.backend().mode());
    for (long row = 0; row < tensor.elements(); row++) {
      tensor.set(row, 1f);
    }
  }

  Tensor tensor() {
    return tensor;
  }

  /**
   * Checks those of a run.
   *
   * @throws GradusException where one is not finite.
   */
  void require(final int rows) {
    final long row = nonFinite.firstIndex(tensor.address(), rows);
    if (row >= 0) {
      throw GradusException.outOfRange("weight of row " + row, "a finite number", tensor.get(row));
    }
  }
}
