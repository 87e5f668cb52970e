package dev.gradus.optim;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.RangeStep;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies an optimizer to those rows of an embedding's table that occur in a batch, in place; its
 * cost follows them, not the table. Inputs: the table (entries,features), int32 indices (...), the
 * gradient of the rows picked (...,features) and, where the optimizer keeps anything, its state. No
 * outputs.
 *
 * <p>The update is lazy: a row that does not occur keeps its moments as they are, and has neither
 * weight decay nor the steps its momentum would still make; when it occurs again they go on from
 * there, with the bias correction of all steps so far. With plain SGD that is the dense update;
 * with others it is that of PyTorch's {@code SparseAdam}.
 *
 * <ul>
 *   <li>Positions are sorted by index, stably, a byte at a time.
 *   <li>Gradients of one row are added in the order of their positions.
 *   <li>Rows are independent of each other, so they are shared out over threads.
 * </ul>
 *
 * @param padding an index that is left alone, or -1.
 */
public record RowUpdate(Update update, int padding) implements Op {
  private static final int DIGITS = 1 << Byte.SIZE;

  @Override
  public String name() {
    return update.name() + "_rows";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.size() < 3) {
      throw GradusException.outOfRange("number of inputs of " + name(), "3 or more", inputs.size());
    }
    final Shape table = inputs.get(0).shape();
    final Shape indices = inputs.get(1).shape();
    if (inputs.get(1).dtype() != DType.INT32) {
      throw GradusException.mismatch(
          "element type of indices of " + name(), DType.INT32, inputs.get(1).dtype());
    }
    final TensorType rows = TensorType.float32(indices.withAppended(table.last()));
    if (!rows.equals(inputs.get(2))) {
      throw GradusException.mismatch("gradient of rows of " + name(), rows, inputs.get(2));
    }
    final List<TensorType> dense = new ArrayList<>(inputs);
    dense.remove(2);
    dense.set(1, inputs.get(0));
    return update.outputs(dense);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is added after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final Shape vectors = node.input(2).shape();
    final long count = vectors.vectors(capacity);
    if (count > Integer.MAX_VALUE) {
      throw GradusException.outOfRange("indices of " + name(), "below 2^31", count);
    }
    final long intBytes = Slab.aligned((count + 1) * Integer.BYTES);
    return new Prepared(
        backend.mode() + " lazy " + update.name(),
        3 * intBytes + Slab.aligned(vectors.elements(capacity) * Float.BYTES),
        placement -> new Rows(this, node, backend, intBytes, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return (1L + update.optimizer().flopsPerElement()) * node.input(2).shape().elements(rows);
  }

  @Override
  public boolean mutates(final int input) {
    return input == 0 || input == 3;
  }

  private static final class Rows extends RangeStep {
    private final Optimizer.UpdateKernel kernel;
    private final BinaryKernel add;
    private final float[] scalars;
    private final int padding;
    private final int features;
    private final int indexBits;
    private final Shape vectors;
    private final long table;
    private final long indices;
    private final long gradient;
    private final long state;
    private final long slotBytes;
    private final long starts; // of each row that occurs, in the sorted positions
    private final long sums;
    private final int[] digits = new int[DIGITS];
    private long order;
    private long other;
    private int occurring;

    Rows(
        final RowUpdate op,
        final Node node,
        final Backend backend,
        final long intBytes,
        final Placement placement) {
      super(backend.team());
      final Shape shape = node.input(0).shape();
      this.kernel = op.update.optimizer().kernel(backend.mode());
      this.add = Add.of(backend.mode());
      this.scalars = op.update.scalars().values();
      this.padding = op.padding;
      this.features = shape.last();
      this.indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(shape.dim(0) - 1);
      this.vectors = node.input(2).shape();
      this.table = placement.input(0);
      this.indices = placement.input(1);
      this.gradient = placement.input(2);
      this.state = op.update.optimizer().slots() == 0 ? 0 : placement.input(3);
      this.slotBytes = Update.slotBytes(shape);
      this.order = placement.scratch();
      this.other = order + intBytes;
      this.starts = other + intBytes;
      this.sums = starts + intBytes;
    }

    @Override
    public void run(final int rows) {
      final int count = collect((int) vectors.vectors(rows));
      for (int shift = 0; shift < indexBits; shift += Byte.SIZE) {
        sort(count, shift);
      }
      findStarts(count);
      super.run(rows);
    }

    private static int at(final long ints, final int position) {
      return OffHeap.getInt(ints + (long) position * Integer.BYTES);
    }

    private static void put(final long ints, final int position, final int value) {
      OffHeap.setInt(ints + (long) position * Integer.BYTES, value);
    }

    private int collect(final int positions) {
      int count = 0;
      for (int i = 0; i < positions; i++) {
        if (at(indices, i) != padding) {
          put(order, count++, i);
        }
      }
      return count;
    }

    /** A stable pass over one byte of the indices. */
    private void sort(final int count, final int shift) {
      for (int digit = 0; digit < DIGITS; digit++) {
        digits[digit] = 0;
      }
      for (int i = 0; i < count; i++) {
        digits[at(indices, at(order, i)) >>> shift & (DIGITS - 1)]++;
      }
      int start = 0;
      for (int digit = 0; digit < DIGITS; digit++) {
        final int length = digits[digit];
        digits[digit] = start;
        start += length;
      }
      for (int i = 0; i < count; i++) {
        final int position = at(order, i);
        put(other, digits[at(indices, position) >>> shift & (DIGITS - 1)]++, position);
      }
      final long sorted = other;
      other = order;
      order = sorted;
    }

    private void findStarts(final int count) {
      occurring = 0;
      int before = -1;
      for (int i = 0; i < count; i++) {
        final int index = at(indices, at(order, i));
        if (index != before) {
          put(starts, occurring++, i);
        }
        before = index;
      }
      put(starts, occurring, count);
    }

    @Override
    protected long units(final int rows) {
      return occurring;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return features;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long rowBytes = (long) features * Float.BYTES;
      for (int unit = (int) from; unit < to; unit++) {
        final int first = at(starts, unit);
        final int end = at(starts, unit + 1);
        long sum = gradient + at(order, first) * rowBytes;
        if (end - first > 1) {
          OffHeap.copy(sum, sums + unit * rowBytes, rowBytes);
          sum = sums + unit * rowBytes;
          for (int i = first + 1; i < end; i++) {
            add.run(sum, gradient + at(order, i) * rowBytes, sum, features);
          }
        }
        final long byteOffset = at(indices, at(order, first)) * rowBytes;
        kernel.run(table + byteOffset, sum, state + byteOffset, slotBytes, features, scalars);
      }
    }
  }
}
