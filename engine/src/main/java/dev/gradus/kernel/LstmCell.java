package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Long short-term memory; see {@link Cell}. With {@code t = tanh(c)} and dh, dc the gradients of h
 * and c: {@code dc += dh o (1 - t^2); do = dh t o (1 - o); di = dc g i (1 - i); df = dc c' f (1 -
 * f); dg = dc i (1 - g^2); dc' = dc f}.
 */
final class LstmCell implements CellKernel {
  private final BinaryKernel add;
  private final BinaryKernel multiply;
  private final UnaryKernel sigmoid;
  private final UnaryKernel tanh;
  private final Fill fill;
  private final boolean vector;

  LstmCell(final KernelMode mode) {
    this.add = Add.of(mode);
    this.multiply = Multiply.of(mode);
    this.sigmoid = Sigmoid.INSTANCE.forward(mode);
    this.tanh = Tanh.INSTANCE.forward(mode);
    this.fill = Fill.of(mode);
    this.vector = mode == KernelMode.VECTOR;
  }

  @Override
  public void forward(
      final long x,
      final long product,
      final long bias,
      final long gates,
      final long kept,
      final long before,
      final long cellBefore,
      final long h,
      final long units) {
    final long block = units * Float.BYTES;
    final long forget = gates + block;
    final long candidate = gates + 2 * block;
    final long output = gates + 3 * block;
    final long cell = kept + block;
    add.run(product, x, gates, 4 * units);
    sigmoid.run(gates, gates, 2 * units);
    tanh.run(candidate, candidate, units);
    sigmoid.run(output, output, units);
    multiply.run(forget, cellBefore, cell, units);
    multiply.run(gates, candidate, kept, units);
    add.run(cell, kept, cell, units);
    tanh.run(cell, kept, units);
    multiply.run(output, kept, h, units);
  }

  @Override
  public void backward(
      final long dOutput,
      final long h,
      final long gates,
      final long kept,
      final long before,
      final long cellBefore,
      final long dX,
      final long dHidden,
      final long dState,
      final long dCell,
      final long units) {
    final long done =
        vector ? Vector.run(dOutput, gates, kept, cellBefore, dX, dState, dCell, units) : 0;
    Scalar.run(dOutput, gates, kept, cellBefore, dX, dState, dCell, done, units);
    fill.run(dState, 0f, units);
  }

  private static final class Vector {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private Vector() {}

    /** Whole vectors; returns how many elements those were. */
    static long run(
        final long dOutput,
        final long gates,
        final long kept,
        final long cellBefore,
        final long dX,
        final long dState,
        final long dCell,
        final long units) {
      final long block = units * Float.BYTES;
      final long whole = F.loopBound(units);
      for (long e = 0; e < whole; e += Lanes.COUNT) {
        final long at = e * Float.BYTES;
        final FloatVector i = FloatVector.fromMemorySegment(F, ALL, gates + at, ORDER);
        final FloatVector f = FloatVector.fromMemorySegment(F, ALL, gates + block + at, ORDER);
        final FloatVector g = FloatVector.fromMemorySegment(F, ALL, gates + 2 * block + at, ORDER);
        final FloatVector o = FloatVector.fromMemorySegment(F, ALL, gates + 3 * block + at, ORDER);
        final FloatVector t = FloatVector.fromMemorySegment(F, ALL, kept + at, ORDER);
        final FloatVector c = FloatVector.fromMemorySegment(F, ALL, cellBefore + at, ORDER);
        final FloatVector one = FloatVector.broadcast(F, 1f);
        final FloatVector dh =
            FloatVector.fromMemorySegment(F, ALL, dOutput + at, ORDER)
                .add(FloatVector.fromMemorySegment(F, ALL, dState + at, ORDER));
        final FloatVector dc =
            dh.mul(o)
                .mul(one.sub(t).mul(t.add(1f)))
                .add(FloatVector.fromMemorySegment(F, ALL, dCell + at, ORDER));
        dc.mul(g).mul(i.mul(one.sub(i))).intoMemorySegment(ALL, dX + at, ORDER);
        dc.mul(c).mul(f.mul(one.sub(f))).intoMemorySegment(ALL, dX + block + at, ORDER);
        dc.mul(i).mul(one.sub(g).mul(g.add(1f))).intoMemorySegment(ALL, dX + 2 * block + at, ORDER);
        dh.mul(t).mul(o.mul(one.sub(o))).intoMemorySegment(ALL, dX + 3 * block + at, ORDER);
        dc.mul(f).intoMemorySegment(ALL, dCell + at, ORDER);
      }
      return whole;
    }
  }

  private static final class Scalar {
    private Scalar() {}

    static void run(
        final long dOutput,
        final long gates,
        final long kept,
        final long cellBefore,
        final long dX,
        final long dState,
        final long dCell,
        final long from,
        final long units) {
      final long block = units * Float.BYTES;
      for (long e = from; e < units; e++) {
        final long at = e * Float.BYTES;
        final float i = OffHeap.getFloat(gates + at);
        final float f = OffHeap.getFloat(gates + block + at);
        final float g = OffHeap.getFloat(gates + 2 * block + at);
        final float o = OffHeap.getFloat(gates + 3 * block + at);
        final float t = OffHeap.getFloat(kept + at);
        final float c = OffHeap.getFloat(cellBefore + at);
        final float dh = OffHeap.getFloat(dOutput + at) + OffHeap.getFloat(dState + at);
        final float dc = dh * o * ((1f - t) * (t + 1f)) + OffHeap.getFloat(dCell + at);
        OffHeap.setFloat(dX + at, dc * g * (i * (1f - i)));
        OffHeap.setFloat(dX + block + at, dc * c * (f * (1f - f)));
        OffHeap.setFloat(dX + 2 * block + at, dc * i * ((1f - g) * (g + 1f)));
        OffHeap.setFloat(dX + 3 * block + at, dh * t * (o * (1f - o)));
        OffHeap.setFloat(dCell + at, dc * f);
      }
    }
  }
}
