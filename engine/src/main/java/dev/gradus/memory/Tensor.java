package dev.gradus.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A view of off-heap elements: a type without a batch dimension and its 64-byte-aligned, row-major
 * segment. The slab it was cut from owns the memory; after that slab is closed every access throws
 * {@link GradusException}.
 */
public final class Tensor {
  private final Slab slab;
  private final TensorType type;
  private final MemorySegment segment;

  Tensor(final Slab slab, final TensorType type, final MemorySegment segment) {
    this.slab = slab;
    this.type = type;
    this.segment = segment;
  }

  public TensorType type() {
    return type;
  }

  public Shape shape() {
    return type.shape();
  }

  /** The number of elements. */
  public long elements() {
    return segment.byteSize() / DType.BYTES;
  }

  public MemorySegment segment() {
    slab.requireOpen();
    return segment;
  }

  /** The raw address, for kernels that run while the slab is acquired. */
  public long address() {
    slab.requireOpen();
    return segment.address();
  }

  /** Keeps the memory from being freed until {@link #release()}, for code that uses the address. */
  public void acquire() {
    slab.acquire();
  }

  public void release() {
    slab.release();
  }

  public float get(final long index) {
    require(DType.FLOAT32, index);
    return segment().getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  public void set(final long index, final float value) {
    require(DType.FLOAT32, index);
    segment().setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
  }

  public int getInt(final long index) {
    require(DType.INT32, index);
    return segment().getAtIndex(ValueLayout.JAVA_INT, index);
  }

  public void setInt(final long index, final int value) {
    require(DType.INT32, index);
    segment().setAtIndex(ValueLayout.JAVA_INT, index, value);
  }

  /**
   * Copies floats in, starting at the first element; elements behind {@code source.length} stay as
   * they are.
   *
   * @throws GradusException where the array is longer than the tensor or the tensor does not hold
   *     floats.
   */
  public void copyFrom(final float[] source) {
    require(DType.FLOAT32);
    requireFits(source.length);
    MemorySegment.copy(source, 0, segment(), ValueLayout.JAVA_FLOAT, 0, source.length);
  }

  /** As {@link #copyFrom(float[])}, for class indices. */
  public void copyFrom(final int[] source) {
    require(DType.INT32);
    requireFits(source.length);
    MemorySegment.copy(source, 0, segment(), ValueLayout.JAVA_INT, 0, source.length);
  }

  /** Copies all elements of a tensor of the same type. */
  public void copyFrom(final Tensor source) {
    if (!type.equals(source.type)) {
      throw GradusException.mismatch("tensor", type, source.type);
    }
    MemorySegment.copy(source.segment(), 0, segment(), 0, segment.byteSize());
  }

  /** Copies the first {@code target.length} floats out. */
  public void copyTo(final float[] target) {
    require(DType.FLOAT32);
    requireFits(target.length);
    MemorySegment.copy(segment(), ValueLayout.JAVA_FLOAT, 0, target, 0, target.length);
  }

  /** All elements in a new array. */
  public float[] toFloatArray() {
    final float[] values = new float[Math.toIntExact(elements())];
    copyTo(values);
    return values;
  }

  private void require(final DType dtype) {
    if (type.dtype() != dtype) {
      throw GradusException.mismatch("element type", dtype, type.dtype());
    }
  }

  private void require(final DType dtype, final long index) {
    require(dtype);
    if (index < 0 || index >= elements()) {
      throw GradusException.outOfRange("index into " + type, "0 to " + (elements() - 1), index);
    }
  }

  private void requireFits(final int length) {
    if (length > elements()) {
      throw GradusException.mismatch("element count", "at most " + elements(), length);
    }
  }

  @Override
  public String toString() {
    return "Tensor" + type;
  }
}
