package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.memory.Shape;
import dev.gradus.parallel.WorkerTeam;

/** An elementwise kernel of one operand over all elements of the first output. */
final class UnaryStep extends RangeStep {
  private final UnaryKernel kernel;
  private final Shape shape;
  private final long x;
  private final long y;

  private UnaryStep(
      final WorkerTeam team,
      final UnaryKernel kernel,
      final Shape shape,
      final Placement placement) {
    super(team);
    this.kernel = kernel;
    this.shape = shape;
    this.x = placement.input(0);
    this.y = placement.output(0);
  }

  static Prepared prepare(final Node node, final Backend backend, final UnaryKernel kernel) {
    return new Prepared(
        backend.mode() + " " + node.op().name(),
        placement -> new UnaryStep(backend.team(), kernel, node.output().shape(), placement));
  }

  @Override
  protected long units(final int rows) {
    return shape.elements(rows);
  }

  @Override
  protected long floatsPerUnit(final int rows) {
    return 1;
  }

  @Override
  protected void range(final long from, final long to, final int rows) {
    kernel.run(x + from * Float.BYTES, y + from * Float.BYTES, to - from);
  }
}
