package dev.gradus.graph.op;

import dev.gradus.gemm.GemmKernel;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.kernel.Cell;
import dev.gradus.kernel.CellKernel;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;

/** The steps of a {@link Recurrence}: the state's product, then the cell. */
final class RecurrenceStep extends SequenceStep {
  private final CellKernel cell;
  private final GemmKernel product;
  private final GemmKernel firstProduct; // of the carried state, whose rows lie closer
  private final Fill fill;
  private final int width;
  private final int savedWidth;
  private final long x;
  private final long weights;
  private final long bias;
  private final long mask;
  private final long state;
  private final long h;
  private final long saved;

  private RecurrenceStep(
      final Recurrence op,
      final Node node,
      final Backend backend,
      final GemmKernel product,
      final GemmKernel firstProduct,
      final Placement placement) {
    super(op, backend, node.output().shape(), placement.scratch(), product);
    this.cell = op.cell().kernel(backend.mode());
    this.product = product;
    this.firstProduct = firstProduct;
    this.fill = Fill.of(backend.mode());
    this.width = op.cell().gates() * units;
    this.savedWidth = op.cell().savedBlocks() * units;
    int input = 0;
    this.x = placement.input(input++);
    this.weights = placement.input(input++);
    this.bias = op.cell().hasHiddenBias() ? placement.input(input++) : 0;
    this.mask = op.masked() ? placement.input(input++) : 0;
    this.state = op.carried() ? placement.input(input) : 0;
    this.h = placement.output(0);
    this.saved = placement.output(1);
  }

  static Prepared prepare(
      final Recurrence op, final Node node, final Backend backend, final int capacity) {
    final Cell cell = op.cell();
    final Shape h = node.output().shape();
    final int units = h.last();
    final int width = cell.gates() * units;
    final int ldc = Math.multiplyExact(h.dim(1), cell.savedBlocks() * units);
    final GemmKernel product =
        product(backend, rows(h, capacity), width, units, false, 0f, h.dim(1) * units, ldc);
    final GemmKernel first =
        op.carried()
            ? product(
                backend,
                rows(h, capacity),
                width,
                units,
                false,
                0f,
                cell.stateBlocks() * units,
                ldc)
            : null;
    return new Prepared(
        backend.mode() + " cell, " + product.description(),
        scratchBytes(units, product, backend),
        placement -> new RecurrenceStep(op, node, backend, product, first, placement));
  }

  @Override
  void before() {
    pack(product, weights, false);
  }

  @Override
  void sequence(final int from, final int count, final int worker) {
    for (int position = 0; position < steps; position++) {
      final int step = stepAt(position);
      final int previous = stepAt(position - 1);
      final boolean first = position == 0;
      final long c = at(saved, from, step, savedWidth);
      if (!first) {
        final long a = at(h, from, previous, units);
        multiply(product, worker, count, width, units, a, weights, c);
      } else if (op.carried()) {
        final long a = block(state, from, 0);
        multiply(firstProduct, worker, count, width, units, a, weights, c);
      }
      for (int row = from; row < from + count; row++) {
        if (first && !op.carried()) {
          fill.run(at(saved, row, step, savedWidth), 0f, width);
        }
        cell(row, step, previous, first);
      }
    }
  }

  private void cell(final int row, final int step, final int previous, final boolean first) {
    final long blockBytes = (long) units * Float.BYTES;
    final long last = savedWidth * (long) Float.BYTES - blockBytes;
    final long before = first ? block(state, row, 0) : at(h, row, previous, units);
    final long cellBefore =
        first ? block(state, row, 1) : at(saved, row, previous, savedWidth) + last;
    final long savedRow = at(saved, row, step, savedWidth);
    final long hRow = at(h, row, step, units);
    if (op.masked() && OffHeap.getFloat(at(mask, row, step, 1)) == 0f) {
      OffHeap.copy(before, hRow, blockBytes);
      fill.run(savedRow, 0f, savedWidth);
      if (op.cell().hasCellState()) {
        OffHeap.copy(cellBefore, savedRow + last, blockBytes);
      }
    } else {
      cell.forward(at(x, row, step, width), bias, savedRow, before, cellBefore, hRow, units);
    }
  }
}
