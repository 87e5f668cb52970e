package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.memory.Shape;
import dev.gradus.parallel.WorkerTeam;

/** An elementwise kernel of two operands over all elements of the first output. */
final class BinaryStep extends RangeStep {
  private final BinaryKernel kernel;
  private final Shape shape;
  private final long a;
  private final long b;
  private final long out;

  private BinaryStep(
      final WorkerTeam team,
      final BinaryKernel kernel,
      final Shape shape,
      final Placement placement) {
    super(team);
    this.kernel = kernel;
    this.shape = shape;
    this.a = placement.input(0);
    this.b = placement.input(1);
    this.out = placement.output(0);
  }

  static Prepared prepare(final Node node, final Backend backend, final BinaryKernel kernel) {
    return new Prepared(
        backend.mode() + " " + node.op().name(),
        placement -> new BinaryStep(backend.team(), kernel, node.output().shape(), placement));
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
    final long byteOffset = from * Float.BYTES;
    kernel.run(a + byteOffset, b + byteOffset, out + byteOffset, to - from);
  }
}
