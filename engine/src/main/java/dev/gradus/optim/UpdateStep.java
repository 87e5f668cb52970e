package dev.gradus.optim;

import dev.gradus.gemm.JavaGemm;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.op.RangeStep;

/** A step over the elements of its node's first input, made in steps that update alone. */
abstract class UpdateStep extends RangeStep {
  /**
   * Elements that no second-level cache of a core holds, with their gradient: what lies there, the
   * core that uses it in one piece before and behind updates faster alone.
   */
  static final int FAR_ELEMENTS = 1 << 18;

  private final StepScalars scalars;
  private final long elements;

  UpdateStep(final StepScalars scalars, final Node node, final Backend backend) {
    super(backend.team());
    this.scalars = scalars;
    this.elements = node.input(0).shape().elements(1);
  }

  @Override
  public void run(final int rows) {
    if (scalars.updating()) {
      super.run(rows);
    }
  }

  @Override
  protected long units(final int rows) {
    return elements;
  }

  @Override
  protected int chunkFloats(final int rows) {
    // A product that is cut leaves its result, the gradient, with all threads.
    return JavaGemm.isCut(elements * rows) ? super.chunkFloats(rows) : FAR_ELEMENTS;
  }

  @Override
  protected long floatsPerUnit(final int rows) {
    return 1;
  }
}
