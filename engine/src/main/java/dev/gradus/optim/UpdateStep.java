package dev.gradus.optim;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.op.RangeStep;

/** A step over the elements of its node's first input, made in steps that update alone. */
abstract class UpdateStep extends RangeStep {
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
  protected long floatsPerUnit(final int rows) {
    return 1;
  }
}
