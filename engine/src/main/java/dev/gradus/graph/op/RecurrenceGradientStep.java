package dev.gradus.graph.op;

import dev.gradus.gemm.GemmKernel;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.CellKernel;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;

/** The steps of a {@link Recurrence} backwards: the cell's gradient, then that of its product. */
final class RecurrenceGradientStep extends SequenceStep {
  private final CellKernel cell;
  private final GemmKernel product;
  private final BinaryKernel add;
  private final Fill fill;
  private final int width;
  private final int keptWidth;
  private final int onlyStep;
  private final long dH;
  private final long h;
  private final long gates;
  private final long kept;
  private final long weights;
  private final long mask;
  private final long state;
  private final long dX;
  private final long dHidden;
  private final long dState; // (N,units), gradient of h from later steps
  private final long dCell; // (N,units), of c

  private RecurrenceGradientStep(
      final RecurrenceGradient gradient,
      final Node node,
      final Backend backend,
      final GemmKernel product,
      final long carriedBytes,
      final Placement placement) {
    super(
        gradient.forward(),
        backend,
        node.input(RecurrenceGradient.H).shape(),
        placement.scratch(),
        product);
    this.cell = op.cell().kernel(backend.mode());
    this.product = product;
    this.add = Add.of(backend.mode());
    this.fill = Fill.of(backend.mode());
    this.width = op.cell().gates() * units;
    this.keptWidth = op.cell().keptBlocks() * units;
    this.onlyStep = gradient.onlyStep();
    this.dH = placement.input(0);
    this.weights = placement.input(RecurrenceGradient.WEIGHTS);
    this.h = placement.input(RecurrenceGradient.H);
    this.gates = placement.input(RecurrenceGradient.GATES);
    this.kept = keptWidth > 0 ? placement.input(RecurrenceGradient.KEPT) : 0;
    final int optional = gradient.optional();
    this.mask = op.masked() ? placement.input(optional) : 0;
    this.state = op.carried() ? placement.input(optional + (op.masked() ? 1 : 0)) : 0;
    this.dX = placement.output(0);
    this.dHidden = placement.output(op.cell().hasHiddenBias() ? 1 : 0);
    this.dState = placement.scratch() + scratchBytes(units, product, backend);
    this.dCell = dState + carriedBytes;
  }

  static Prepared prepare(
      final RecurrenceGradient gradient,
      final Node node,
      final Backend backend,
      final int capacity) {
    final Recurrence op = gradient.forward();
    final Shape shape = node.input(RecurrenceGradient.H).shape();
    final int units = shape.last();
    final int width = op.cell().gates() * units;
    final long rows = rows(shape, capacity);
    final GemmKernel product =
        product(
            backend, rows, units, width, true, 1f, Math.multiplyExact(shape.dim(1), width), units);
    final long carriedBytes = Slab.aligned(rows * units * Float.BYTES);
    return new Prepared(
        backend.mode() + " cell, " + product.description(),
        scratchBytes(units, product, backend) + carriedBytes * op.cell().stateBlocks(),
        placement ->
            new RecurrenceGradientStep(gradient, node, backend, product, carriedBytes, placement));
  }

  @Override
  void before() {
    pack(product, weights, true);
  }

  @Override
  void sequence(final int from, final int count, final int worker) {
    final long blockBytes = (long) units * Float.BYTES;
    fill.run(dState + from * blockBytes, 0f, (long) count * units);
    if (op.cell().hasCellState()) {
      fill.run(dCell + from * blockBytes, 0f, (long) count * units);
    }
    for (int position = steps - 1; position >= 0; position--) {
      final int step = stepAt(position);
      for (int row = from; row < from + count; row++) {
        cell(row, step, stepAt(position - 1), position == 0);
      }
      if (position > 0) {
        multiply(
            product,
            worker,
            count,
            units,
            width,
            at(dHidden, from, step, width),
            weights,
            dState + from * blockBytes);
      }
    }
  }

  private long dOutput(final int row, final int step) {
    if (onlyStep == RecurrenceGradient.ALL_STEPS) {
      return at(dH, row, step, units);
    }
    return step == onlyStep ? dH + (long) row * units * Float.BYTES : zeros;
  }

  private void cell(final int row, final int step, final int previous, final boolean first) {
    final long blockBytes = (long) units * Float.BYTES;
    final long last = (keptWidth - units) * (long) Float.BYTES;
    final long dOutput = dOutput(row, step);
    final long dStateRow = dState + row * blockBytes;
    final long dXRow = at(dX, row, step, width);
    final long dHiddenRow = at(dHidden, row, step, width);
    if (op.masked() && OffHeap.getFloat(at(mask, row, step, 1)) == 0f) {
      add.run(dStateRow, dOutput, dStateRow, units);
      fill.run(dXRow, 0f, width);
      fill.run(dHiddenRow, 0f, width);
    } else {
      cell.backward(
          dOutput,
          at(h, row, step, units),
          at(gates, row, step, width),
          at(kept, row, step, keptWidth),
          first ? block(state, row, 0) : at(h, row, previous, units),
          first ? block(state, row, 1) : at(kept, row, previous, keptWidth) + last,
          dXRow,
          dHiddenRow,
          dStateRow,
          dCell + row * blockBytes,
          units);
    }
  }
}
