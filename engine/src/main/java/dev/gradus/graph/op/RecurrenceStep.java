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
import dev.gradus.memory.Slab;

/** The steps of a {@link Recurrence}: the state's product, then the cell. */
final class RecurrenceStep extends SequenceStep {
  private final CellKernel cell;
  private final GemmKernel product;
  private final GemmKernel firstProduct; // of the carried state, whose rows lie closer
  private final Fill fill;
  private final int width;
  private final int keptWidth;
  private final long x;
  private final long weights;
  private final long bias;
  private final long mask;
  private final long state;
  private final long h;
  private final long gates;
  private final long kept;
  private final long results; // of the product, for each worker
  private final long resultBytes;

  private RecurrenceStep(
      final Recurrence op,
      final Node node,
      final Backend backend,
      final GemmKernel product,
      final GemmKernel firstProduct,
      final long resultBytes,
      final Placement placement) {
    super(op, backend, node.output().shape(), placement.scratch(), product);
    this.cell = op.cell().kernel(backend.mode());
    this.product = product;
    this.firstProduct = firstProduct;
    this.fill = Fill.of(backend.mode());
    this.width = op.cell().gates() * units;
    this.keptWidth = op.cell().keptBlocks() * units;
    int input = 0;
    this.x = placement.input(input++);
    this.weights = placement.input(input++);
    this.bias = op.cell().hasHiddenBias() ? placement.input(input++) : 0;
    this.mask = op.masked() ? placement.input(input++) : 0;
    this.state = op.carried() ? placement.input(input) : 0;
    this.h = placement.output(0);
    this.gates = placement.output(1);
    this.kept = keptWidth > 0 ? placement.output(2) : 0;
    this.results = placement.scratch() + scratchBytes(units, product, backend);
    this.resultBytes = resultBytes;
  }

  static Prepared prepare(
      final Recurrence op, final Node node, final Backend backend, final int capacity) {
    final Cell cell = op.cell();
    final Shape h = node.output().shape();
    final int units = h.last();
    final int width = cell.gates() * units;
    final long rows = rows(h, capacity);
    final int lda = Math.multiplyExact(h.dim(1), units);
    final GemmKernel product = product(backend, rows, width, units, false, 0f, lda, width);
    final GemmKernel first =
        op.carried()
            ? product(backend, rows, width, units, false, 0f, cell.stateBlocks() * units, width)
            : null;
    final long resultBytes = Slab.aligned(Math.min(MOST_ROWS, rows) * width * Float.BYTES);
    return new Prepared(
        backend.mode() + " cell, " + product.description(),
        scratchBytes(units, product, backend) + resultBytes * backend.team().threads(),
        placement -> new RecurrenceStep(op, node, backend, product, first, resultBytes, placement));
  }

  @Override
  void before() {
    pack(product, weights, false);
  }

  @Override
  void sequence(final int from, final int count, final int worker) {
    final long result = results + worker * resultBytes;
    for (int position = 0; position < steps; position++) {
      final int step = stepAt(position);
      final int previous = stepAt(position - 1);
      final boolean first = position == 0;
      if (!first) {
        final long a = at(h, from, previous, units);
        multiply(product, worker, count, width, units, a, weights, result);
      } else if (op.carried()) {
        final long a = block(state, from, 0);
        multiply(firstProduct, worker, count, width, units, a, weights, result);
      } else {
        fill.run(result, 0f, (long) count * width);
      }
      for (int row = 0; row < count; row++) {
        cell(from + row, step, previous, first, result + (long) row * width * Float.BYTES);
      }
    }
  }

  private void cell(
      final int row, final int step, final int previous, final boolean first, final long result) {
    final long blockBytes = (long) units * Float.BYTES;
    final long last = (keptWidth - units) * (long) Float.BYTES;
    final long before = first ? block(state, row, 0) : at(h, row, previous, units);
    final long cellBefore =
        first ? block(state, row, 1) : at(kept, row, previous, keptWidth) + last;
    final long gatesRow = at(gates, row, step, width);
    final long keptRow = at(kept, row, step, keptWidth);
    final long hRow = at(h, row, step, units);
    if (op.masked() && OffHeap.getFloat(at(mask, row, step, 1)) == 0f) {
      OffHeap.copy(before, hRow, blockBytes);
      fill.run(gatesRow, 0f, width);
      fill.run(keptRow, 0f, keptWidth);
      if (op.cell().hasCellState()) {
        OffHeap.copy(cellBefore, keptRow + last, blockBytes);
      }
    } else {
      final long xRow = at(x, row, step, width);
      cell.forward(xRow, result, bias, gatesRow, keptRow, before, cellBefore, hRow, units);
    }
  }
}
