package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Stochastic gradient descent in one pass: {@code p -= learningRate * (g + weightDecay * p)}. */
public abstract class SgdUpdate {
  private SgdUpdate() {}

  public static SgdUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   */
  public abstract void run(long p, long g, long count, float learningRate, float weightDecay);

  private static final class Vector extends SgdUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long count,
        final float learningRate,
        final float weightDecay) {
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(
            updated(Lanes.load(p + o), Lanes.load(g + o), learningRate, weightDecay), p + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(
            updated(
                Lanes.load(p + whole, tail),
                Lanes.load(g + whole, tail),
                learningRate,
                weightDecay),
            p + whole,
            tail);
      }
    }

    private static FloatVector updated(
        final FloatVector p,
        final FloatVector g,
        final float learningRate,
        final float weightDecay) {
      return p.sub(g.add(p.mul(weightDecay)).mul(learningRate));
    }
  }

  private static final class Scalar extends SgdUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long count,
        final float learningRate,
        final float weightDecay) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        final float old = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o) + old * weightDecay;
        OffHeap.setFloat(p + o, old - gradient * learningRate);
      }
    }
  }
}
