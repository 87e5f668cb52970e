package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Gated recurrent unit; see {@link Cell}. With {@code q = u + b} of the gate n and dh the gradient
 * of h: {@code dn = dh (1 - z) (1 - n^2); dz = dh (h' - n) z (1 - z); dr = dn q r (1 - r); dq = dn
 * r; dh' = dh z}.
 */
final class GruCell implements CellKernel {
  private final BinaryKernel add;
  private final BinaryKernel subtract;
  private final BinaryKernel multiply;
  private final UnaryKernel sigmoid;
  private final UnaryKernel tanh;
  private final boolean vector;

  GruCell(final KernelMode mode) {
    this.add = Add.of(mode);
    this.subtract = Subtract.of(mode);
    this.multiply = Multiply.of(mode);
    this.sigmoid = Sigmoid.INSTANCE.forward(mode);
    this.tanh = Tanh.INSTANCE.forward(mode);
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
    final long update = gates + block;
    final long candidate = gates + 2 * block;
    add.run(product, bias, product, 2 * units);
    add.run(product + 2 * block, bias + 2 * block, kept, units);
    add.run(product, x, gates, 2 * units);
    sigmoid.run(gates, gates, 2 * units);
    multiply.run(gates, kept, product, units);
    add.run(product, x + 2 * block, candidate, units);
    tanh.run(candidate, candidate, units);
    subtract.run(before, candidate, h, units);
    multiply.run(h, update, h, units);
    add.run(h, candidate, h, units);
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
        vector ? Vector.run(dOutput, gates, kept, before, dX, dHidden, dState, units) : 0;
    Scalar.run(dOutput, gates, kept, before, dX, dHidden, dState, done, units);
    OffHeap.copy(dX, dHidden, 2 * units * Float.BYTES);
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
        final long before,
        final long dX,
        final long dHidden,
        final long dState,
        final long units) {
      final long block = units * Float.BYTES;
      final long whole = F.loopBound(units);
      for (long e = 0; e < whole; e += Lanes.COUNT) {
        final long at = e * Float.BYTES;
        final FloatVector r = FloatVector.fromMemorySegment(F, ALL, gates + at, ORDER);
        final FloatVector z = FloatVector.fromMemorySegment(F, ALL, gates + block + at, ORDER);
        final FloatVector q = FloatVector.fromMemorySegment(F, ALL, kept + at, ORDER);
        final FloatVector n = FloatVector.fromMemorySegment(F, ALL, gates + 2 * block + at, ORDER);
        final FloatVector h = FloatVector.fromMemorySegment(F, ALL, before + at, ORDER);
        final FloatVector one = FloatVector.broadcast(F, 1f);
        final FloatVector dh =
            FloatVector.fromMemorySegment(F, ALL, dOutput + at, ORDER)
                .add(FloatVector.fromMemorySegment(F, ALL, dState + at, ORDER));
        final FloatVector dn = dh.mul(one.sub(z)).mul(one.sub(n).mul(n.add(1f)));
        dn.mul(q).mul(r.mul(one.sub(r))).intoMemorySegment(ALL, dX + at, ORDER);
        dh.mul(h.sub(n)).mul(z.mul(one.sub(z))).intoMemorySegment(ALL, dX + block + at, ORDER);
        dn.intoMemorySegment(ALL, dX + 2 * block + at, ORDER);
        dn.mul(r).intoMemorySegment(ALL, dHidden + 2 * block + at, ORDER);
        dh.mul(z).intoMemorySegment(ALL, dState + at, ORDER);
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
        final long before,
        final long dX,
        final long dHidden,
        final long dState,
        final long from,
        final long units) {
      final long block = units * Float.BYTES;
      for (long e = from; e < units; e++) {
        final long at = e * Float.BYTES;
        final float r = OffHeap.getFloat(gates + at);
        final float z = OffHeap.getFloat(gates + block + at);
        final float q = OffHeap.getFloat(kept + at);
        final float n = OffHeap.getFloat(gates + 2 * block + at);
        final float h = OffHeap.getFloat(before + at);
        final float dh = OffHeap.getFloat(dOutput + at) + OffHeap.getFloat(dState + at);
        final float dn = dh * (1f - z) * ((1f - n) * (n + 1f));
        OffHeap.setFloat(dX + at, dn * q * (r * (1f - r)));
        OffHeap.setFloat(dX + block + at, dh * (h - n) * (z * (1f - z)));
        OffHeap.setFloat(dX + 2 * block + at, dn);
        OffHeap.setFloat(dHidden + 2 * block + at, dn * r);
        OffHeap.setFloat(dState + at, dh * z);
      }
    }
  }
}
