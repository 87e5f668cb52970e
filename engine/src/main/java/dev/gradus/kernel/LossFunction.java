package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * A loss {@code f(prediction, target)} of single elements, and its derivative with respect to the
 * prediction. One record each, whose components are its settings; {@link ElementwiseLoss} sums it
 * along rows.
 */
public interface LossFunction {
  /** The name users write, lower case. */
  String name();

  /** The name, with the number in parentheses where there is one, as users write it. */
  default String describe() {
    return name();
  }

  /** {@code f(p, t)}, in scalar code. */
  float term(float p, float t);

  /** {@code df/dp}, in scalar code. */
  float slope(float p, float t);

  /**
   * {@link #term} of whole vectors, to the same bits; {@code out} is neither operand. One by one
   * unless a function has vector code, which pays where outputs are many, as an autoencoder's.
   */
  default BinaryKernel vectorTerms() {
    return new Terms(this);
  }

  /** {@link #slope} likewise; {@code out} may be the prediction. */
  default BinaryKernel vectorSlopes() {
    return new Slopes(this);
  }

  /** Whether {@code f(p, t) = f(t, p)}, which gives the gradient with respect to the target. */
  default boolean symmetric() {
    return false;
  }

  /** Whether the loss of a row is the sum rather than the mean of its elements'. */
  default boolean summed() {
    return false;
  }

  /** The least target that makes sense; {@link #highestTarget()} is the other end. */
  default float lowestTarget() {
    return Float.NEGATIVE_INFINITY;
  }

  default float highestTarget() {
    return Float.POSITIVE_INFINITY;
  }

  /** {@link #term} of any number of elements; {@code out} is neither operand. */
  default BinaryKernel terms(final KernelMode mode) {
    return mode == KernelMode.VECTOR
        ? new WithRest(vectorTerms(), new Terms(this))
        : new Terms(this);
  }

  /** {@link #slope} of any number of elements; {@code out} may be the prediction. */
  default BinaryKernel slopes(final KernelMode mode) {
    return mode == KernelMode.VECTOR
        ? new WithRest(vectorSlopes(), new Slopes(this))
        : new Slopes(this);
  }

  /** Whole vectors by one kernel, the few elements left by another. */
  record WithRest(BinaryKernel vectors, BinaryKernel rest) implements BinaryKernel {
    @Override
    public void run(final long a, final long b, final long out, final long count) {
      final long whole = count & -Lanes.COUNT;
      vectors.run(a, b, out, whole);
      final long byteOffset = whole * Float.BYTES;
      rest.run(a + byteOffset, b + byteOffset, out + byteOffset, count - whole);
    }
  }

  /** {@link LossFunction#term}, one by one. */
  record Terms(LossFunction function) implements BinaryKernel {
    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long offset = 0; offset < count * Float.BYTES; offset += Float.BYTES) {
        final float value =
            function.term(OffHeap.getFloat(a + offset), OffHeap.getFloat(b + offset));
        OffHeap.setFloat(out + offset, value);
      }
    }
  }

  /** {@link LossFunction#slope}, one by one. */
  record Slopes(LossFunction function) implements BinaryKernel {
    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long offset = 0; offset < count * Float.BYTES; offset += Float.BYTES) {
        final float value =
            function.slope(OffHeap.getFloat(a + offset), OffHeap.getFloat(b + offset));
        OffHeap.setFloat(out + offset, value);
      }
    }
  }
}
