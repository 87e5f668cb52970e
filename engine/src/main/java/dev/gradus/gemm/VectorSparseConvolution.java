package dev.gradus.gemm;

import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Lanes;
import dev.gradus.kernel.Window;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link SparseConvolution} on SIMD: a vector is a block, or half of one. */
final class VectorSparseConvolution extends SparseConvolution {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long W = F.vectorByteSize();

  // Compared with, so that C2 knows what it stores: a class from the profile may come too late.
  private static final Class<?> VECTOR = FloatVector.zero(F).getClass();

  /** Whether a vector is half a block. */
  private static final boolean HALVES = W < BLOCK_BYTES;

  // Of all addresses, and small enough for C2 to see that nothing is out of bounds.
  private static final long ADDRESS = Long.MAX_VALUE >> 2;
  private static final long OFFSET = Integer.MAX_VALUE;

  private final int rowFactor; // with a shift by rowShift in place of a division by columns
  private final int rowShift;

  /** Lanes of each of a window's rows but the first, and of those after it. */
  private final VectorMask<Float>[] behind;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  VectorSparseConvolution(
      final Window window,
      final int channels,
      final int height,
      final int width,
      final boolean inputs) {
    super(KernelMode.VECTOR, window, channels, height, width, inputs);
    final int products = window.vertical().output(height) * columns * columns;
    this.rowShift = Integer.SIZE - Integer.numberOfLeadingZeros(products);
    this.rowFactor = Math.ceilDiv(1 << rowShift, columns);
    final int rows = window.vertical().size() - 1;
    this.behind = new VectorMask[BLOCK / F.length() * rows];
    for (int i = 0; i < behind.length; i++) {
      final int lane = (i % rows + 1) * runFloats - i / rows * F.length();
      behind[i] = F.indexInRange(0, Math.max(0, lane)).not();
    }
  }

  @Override
  public int list(final long indices, final long values, final int places, final long list) {
    final long listed = list + valuesAt(places);
    final int apart = rowBytes - columns * columnBytes;
    long next = 0;
    for (int i = 0; i < places; i += F.length()) {
      final long at = (long) i * Float.BYTES;
      final VectorMask<Float> inside = F.indexInRange(i, places);
      final FloatVector value = FloatVector.fromMemorySegment(F, ALL, values + at, ORDER, inside);
      final IntVector index =
          FloatVector.fromMemorySegment(F, ALL, indices + at, ORDER, inside).reinterpretAsInts();
      final IntVector row = index.mul(rowFactor).lanewise(VectorOperators.LSHR, rowShift);
      final IntVector bytes = index.mul(columnBytes).add(row.mul(apart));
      final VectorMask<Float> counts = value.compare(VectorOperators.NE, 0f);
      bytes.reinterpretAsFloats().compress(counts).intoMemorySegment(ALL, list + next, ORDER);
      value.compress(counts).intoMemorySegment(ALL, listed + next, ORDER);
      next += (long) counts.trueCount() * Float.BYTES;
    }
    return (int) (next / Float.BYTES);
  }

  @Override
  public void addWeights(
      final long image, final long list, final int places, final int count, final long sums) {
    final long values = list + valuesAt(places);
    int block = 0;
    for (; block + GROUP <= offsets.length; block += GROUP) {
      for (long half = 0; half < BLOCK_BYTES; half += W) {
        four(
            image + half + offsets[block],
            image + half + offsets[block + 1],
            image + half + offsets[block + 2],
            image + half + offsets[block + 3],
            list,
            values,
            count,
            sums + block * BLOCK_BYTES + half);
      }
    }
    for (; block < offsets.length; block++) {
      for (long half = 0; half < BLOCK_BYTES; half += W) {
        final long to = sums + block * BLOCK_BYTES + half;
        one(image + half + offsets[block], list, values, count, to);
      }
    }
  }

  private static void four(
      final long image0,
      final long image1,
      final long image2,
      final long image3,
      final long list,
      final long values,
      final int count,
      final long sums) {
    final long from0 = image0 & ADDRESS;
    final long from1 = image1 & ADDRESS;
    final long from2 = image2 & ADDRESS;
    final long from3 = image3 & ADDRESS;
    FloatVector even0 = FloatVector.fromMemorySegment(F, ALL, sums, ORDER);
    FloatVector even1 = FloatVector.fromMemorySegment(F, ALL, sums + BLOCK_BYTES, ORDER);
    FloatVector even2 = FloatVector.fromMemorySegment(F, ALL, sums + 2 * BLOCK_BYTES, ORDER);
    FloatVector even3 = FloatVector.fromMemorySegment(F, ALL, sums + 3 * BLOCK_BYTES, ORDER);
    FloatVector odd0 = FloatVector.zero(F);
    FloatVector odd1 = FloatVector.zero(F);
    FloatVector odd2 = FloatVector.zero(F);
    FloatVector odd3 = FloatVector.zero(F);
    long at = list & ADDRESS;
    long value = values & ADDRESS;
    for (int place = 1; place < count; place += 2) {
      final long first = OffHeap.getInt(at) & OFFSET;
      final FloatVector even = FloatVector.broadcast(F, OffHeap.getFloat(value));
      even0 = FloatVector.fromMemorySegment(F, ALL, from0 + first, ORDER).fma(even, even0);
      even1 = FloatVector.fromMemorySegment(F, ALL, from1 + first, ORDER).fma(even, even1);
      even2 = FloatVector.fromMemorySegment(F, ALL, from2 + first, ORDER).fma(even, even2);
      even3 = FloatVector.fromMemorySegment(F, ALL, from3 + first, ORDER).fma(even, even3);
      final long second = OffHeap.getInt(at + Float.BYTES) & OFFSET;
      final FloatVector odd = FloatVector.broadcast(F, OffHeap.getFloat(value + Float.BYTES));
      odd0 = FloatVector.fromMemorySegment(F, ALL, from0 + second, ORDER).fma(odd, odd0);
      odd1 = FloatVector.fromMemorySegment(F, ALL, from1 + second, ORDER).fma(odd, odd1);
      odd2 = FloatVector.fromMemorySegment(F, ALL, from2 + second, ORDER).fma(odd, odd2);
      odd3 = FloatVector.fromMemorySegment(F, ALL, from3 + second, ORDER).fma(odd, odd3);
      at = (at + 2 * Float.BYTES) & ADDRESS;
      value = (value + 2 * Float.BYTES) & ADDRESS;
    }
    if ((count & 1) != 0) {
      final long last = OffHeap.getInt(at) & OFFSET;
      final FloatVector even = FloatVector.broadcast(F, OffHeap.getFloat(value));
      even0 = FloatVector.fromMemorySegment(F, ALL, from0 + last, ORDER).fma(even, even0);
      even1 = FloatVector.fromMemorySegment(F, ALL, from1 + last, ORDER).fma(even, even1);
      even2 = FloatVector.fromMemorySegment(F, ALL, from2 + last, ORDER).fma(even, even2);
      even3 = FloatVector.fromMemorySegment(F, ALL, from3 + last, ORDER).fma(even, even3);
    }
    if (even0.getClass() != VECTOR
        || even1.getClass() != VECTOR
        || even2.getClass() != VECTOR
        || even3.getClass() != VECTOR
        || odd0.getClass() != VECTOR
        || odd1.getClass() != VECTOR
        || odd2.getClass() != VECTOR
        || odd3.getClass() != VECTOR) {
      throw new AssertionError();
    }
    even0.add(odd0).intoMemorySegment(ALL, sums, ORDER);
    even1.add(odd1).intoMemorySegment(ALL, sums + BLOCK_BYTES, ORDER);
    even2.add(odd2).intoMemorySegment(ALL, sums + 2 * BLOCK_BYTES, ORDER);
    even3.add(odd3).intoMemorySegment(ALL, sums + 3 * BLOCK_BYTES, ORDER);
  }

  private static void one(
      final long image, final long list, final long values, final int count, final long sums) {
    final long from = image & ADDRESS;
    FloatVector even = FloatVector.fromMemorySegment(F, ALL, sums, ORDER);
    FloatVector odd = FloatVector.zero(F);
    long at = list & ADDRESS;
    long value = values & ADDRESS;
    for (int place = 1; place < count; place += 2) {
      final long first = OffHeap.getInt(at) & OFFSET;
      even =
          FloatVector.fromMemorySegment(F, ALL, from + first, ORDER)
              .fma(FloatVector.broadcast(F, OffHeap.getFloat(value)), even);
      final long second = OffHeap.getInt(at + Float.BYTES) & OFFSET;
      odd =
          FloatVector.fromMemorySegment(F, ALL, from + second, ORDER)
              .fma(FloatVector.broadcast(F, OffHeap.getFloat(value + Float.BYTES)), odd);
      at = (at + 2 * Float.BYTES) & ADDRESS;
      value = (value + 2 * Float.BYTES) & ADDRESS;
    }
    if ((count & 1) != 0) {
      final long last = OffHeap.getInt(at) & OFFSET;
      even =
          FloatVector.fromMemorySegment(F, ALL, from + last, ORDER)
              .fma(FloatVector.broadcast(F, OffHeap.getFloat(value)), even);
    }
    if (even.getClass() != VECTOR || odd.getClass() != VECTOR) {
      throw new AssertionError();
    }
    even.add(odd).intoMemorySegment(ALL, sums, ORDER);
  }

  @Override
  public void addInputs(
      final long image, final long list, final int places, final int count, final long weights) {
    final long values = list + valuesAt(places);
    int block = 0;
    for (; block + GROUP <= offsets.length; block += GROUP) {
      fourInputs(
          image + offsets[block],
          image + offsets[block + 1],
          image + offsets[block + 2],
          image + offsets[block + 3],
          list,
          values,
          count,
          weights + block * BLOCK_BYTES);
    }
    for (; block < offsets.length; block++) {
      oneInput(image + offsets[block], list, values, count, weights + block * BLOCK_BYTES);
    }
  }

  private static void fourInputs(
      final long image0,
      final long image1,
      final long image2,
      final long image3,
      final long list,
      final long values,
      final int count,
      final long weights) {
    final long to0 = image0 & ADDRESS;
    final long to1 = image1 & ADDRESS;
    final long to2 = image2 & ADDRESS;
    final long to3 = image3 & ADDRESS;
    final FloatVector w0 = FloatVector.fromMemorySegment(F, ALL, weights, ORDER);
    final FloatVector w1 = FloatVector.fromMemorySegment(F, ALL, weights + BLOCK_BYTES, ORDER);
    final FloatVector w2 = FloatVector.fromMemorySegment(F, ALL, weights + 2 * BLOCK_BYTES, ORDER);
    final FloatVector w3 = FloatVector.fromMemorySegment(F, ALL, weights + 3 * BLOCK_BYTES, ORDER);
    final long back = weights + BLOCK_BYTES - W; // of half blocks; else the same
    final FloatVector v0 = FloatVector.fromMemorySegment(F, ALL, back, ORDER);
    final FloatVector v1 = FloatVector.fromMemorySegment(F, ALL, back + BLOCK_BYTES, ORDER);
    final FloatVector v2 = FloatVector.fromMemorySegment(F, ALL, back + 2 * BLOCK_BYTES, ORDER);
    final FloatVector v3 = FloatVector.fromMemorySegment(F, ALL, back + 3 * BLOCK_BYTES, ORDER);
    long at = list & ADDRESS;
    long value = values & ADDRESS;
    for (int place = 0; place < count; place++) {
      final long here = OffHeap.getInt(at) & OFFSET;
      final FloatVector g = FloatVector.broadcast(F, OffHeap.getFloat(value));
      w0.fma(g, FloatVector.fromMemorySegment(F, ALL, to0 + here, ORDER))
          .intoMemorySegment(ALL, to0 + here, ORDER);
      w1.fma(g, FloatVector.fromMemorySegment(F, ALL, to1 + here, ORDER))
          .intoMemorySegment(ALL, to1 + here, ORDER);
      w2.fma(g, FloatVector.fromMemorySegment(F, ALL, to2 + here, ORDER))
          .intoMemorySegment(ALL, to2 + here, ORDER);
      w3.fma(g, FloatVector.fromMemorySegment(F, ALL, to3 + here, ORDER))
          .intoMemorySegment(ALL, to3 + here, ORDER);
      if (HALVES) {
        v0.fma(g, FloatVector.fromMemorySegment(F, ALL, to0 + here + W, ORDER))
            .intoMemorySegment(ALL, to0 + here + W, ORDER);
        v1.fma(g, FloatVector.fromMemorySegment(F, ALL, to1 + here + W, ORDER))
            .intoMemorySegment(ALL, to1 + here + W, ORDER);
        v2.fma(g, FloatVector.fromMemorySegment(F, ALL, to2 + here + W, ORDER))
            .intoMemorySegment(ALL, to2 + here + W, ORDER);
        v3.fma(g, FloatVector.fromMemorySegment(F, ALL, to3 + here + W, ORDER))
            .intoMemorySegment(ALL, to3 + here + W, ORDER);
      }
      at = (at + Float.BYTES) & ADDRESS;
      value = (value + Float.BYTES) & ADDRESS;
    }
  }

  private static void oneInput(
      final long image, final long list, final long values, final int count, final long weights) {
    final long to = image & ADDRESS;
    final FloatVector w = FloatVector.fromMemorySegment(F, ALL, weights, ORDER);
    final FloatVector v = FloatVector.fromMemorySegment(F, ALL, weights + BLOCK_BYTES - W, ORDER);
    long at = list & ADDRESS;
    long value = values & ADDRESS;
    for (int place = 0; place < count; place++) {
      final long here = OffHeap.getInt(at) & OFFSET;
      final FloatVector g = FloatVector.broadcast(F, OffHeap.getFloat(value));
      w.fma(g, FloatVector.fromMemorySegment(F, ALL, to + here, ORDER))
          .intoMemorySegment(ALL, to + here, ORDER);
      if (HALVES) {
        v.fma(g, FloatVector.fromMemorySegment(F, ALL, to + here + W, ORDER))
            .intoMemorySegment(ALL, to + here + W, ORDER);
      }
      at = (at + Float.BYTES) & ADDRESS;
      value = (value + Float.BYTES) & ADDRESS;
    }
  }

  @Override
  void turn(
      final long from,
      final int fromRow,
      final int rows,
      final int columns,
      final long to,
      final int toRow,
      final long square) {
    final long source = (long) fromRow * Float.BYTES;
    final long target = (long) toRow * Float.BYTES;
    Packing.turned(from, source, rows, columns, to, target, square);
  }

  /** A vector gets each of the window's rows from where that row's lanes fall into place. */
  @Override
  void toBlocks(final long from, final int right, final long to) {
    final VectorMask<Float>[] behind = this.behind; // fields are loaded anew behind each store
    final int columns = this.columns;
    final long down = (long) (rowFloats - runFloats) * Float.BYTES;
    for (int column = 0; column < columns; column++) {
      final long source = (from + (long) column * right * Float.BYTES) & ADDRESS;
      int mask = 0;
      for (long half = 0; half < BLOCK_BYTES; half += W) {
        FloatVector block = FloatVector.fromMemorySegment(F, ALL, source + half, ORDER);
        long next = source + half;
        for (int row = 1; row < window.vertical().size(); row++) {
          next = (next + down) & ADDRESS;
          block = block.blend(FloatVector.fromMemorySegment(F, ALL, next, ORDER), behind[mask]);
          mask++;
        }
        if (block.getClass() != VECTOR) {
          throw new AssertionError();
        }
        block.intoMemorySegment(ALL, to + column * BLOCK_BYTES + half, ORDER);
      }
    }
  }
}
