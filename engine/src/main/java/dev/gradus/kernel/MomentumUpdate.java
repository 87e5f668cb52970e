package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Gradient descent with momentum in one pass: {@code d = g + weightDecay * p; v = momentum * v + d;
 * p -= learningRate * v}, or {@code p -= learningRate * (d + momentum * v)} in Nesterov's form.
 *
 * <p>Source: PyTorch's {@code SGD} with dampening 0; its first step, {@code v = d}, is that of a
 * velocity of 0.
 */
public abstract class MomentumUpdate {
  private MomentumUpdate() {}

  public static MomentumUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param v their velocity, updated; 0 before the first step.
   */
  public final void run(
      final long p,
      final long g,
      final long v,
      final long count,
      final float learningRate,
      final float momentum,
      final boolean nesterov,
      final float weightDecay) {
    if (nesterov) {
      update(p, g, v, count, learningRate, momentum, 1f, momentum, weightDecay);
    } else {
      update(p, g, v, count, learningRate, momentum, 0f, 1f, weightDecay);
    }
  }

  /** Both forms: {@code p -= learningRate * (gradientShare * d + velocityShare * v)}. */
  abstract void update(
      long p,
      long g,
      long v,
      long count,
      float learningRate,
      float momentum,
      float gradientShare,
      float velocityShare,
      float weightDecay);

  private static final class Vector extends MomentumUpdate {
    @Override
    void update(
        final long p,
        final long g,
        final long v,
        final long count,
        final float learningRate,
        final float momentum,
        final float gradientShare,
        final float velocityShare,
        final float weightDecay) {
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        final FloatVector parameter = Lanes.load(p + o);
        final FloatVector d = Lanes.load(g + o).add(parameter.mul(weightDecay));
        final FloatVector velocity = Lanes.load(v + o).mul(momentum).add(d);
        final FloatVector direction = d.mul(gradientShare).add(velocity.mul(velocityShare));
        Lanes.store(velocity, v + o);
        Lanes.store(parameter.sub(direction.mul(learningRate)), p + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        final FloatVector parameter = Lanes.load(p + whole, tail);
        final FloatVector d = Lanes.load(g + whole, tail).add(parameter.mul(weightDecay));
        final FloatVector velocity = Lanes.load(v + whole, tail).mul(momentum).add(d);
        final FloatVector direction = d.mul(gradientShare).add(velocity.mul(velocityShare));
        Lanes.store(velocity, v + whole, tail);
        Lanes.store(parameter.sub(direction.mul(learningRate)), p + whole, tail);
      }
    }
  }

  private static final class Scalar extends MomentumUpdate {
    @Override
    void update(
        final long p,
        final long g,
        final long v,
        final long count,
        final float learningRate,
        final float momentum,
        final float gradientShare,
        final float velocityShare,
        final float weightDecay) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        final float parameter = OffHeap.getFloat(p + o);
        final float d = OffHeap.getFloat(g + o) + parameter * weightDecay;
        final float velocity = OffHeap.getFloat(v + o) * momentum + d;
        final float direction = d * gradientShare + velocity * velocityShare;
        OffHeap.setFloat(v + o, velocity);
        OffHeap.setFloat(p + o, parameter - direction * learningRate);
      }
    }
  }
}
