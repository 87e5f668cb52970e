package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.MaxPool2d;
import dev.gradus.graph.op.PlaneMean;
import dev.gradus.graph.op.Reshape;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/**
 * The mean or the largest element of each channel: (N,channels,...) to (N,channels).
 *
 * @param mean whether the mean rather than the largest.
 */
public record GlobalPool(boolean mean) implements Layer {
  /** The mean of each channel. */
  public static GlobalPool avg() {
    return new GlobalPool(true);
  }

  /** The largest of each channel. */
  public static GlobalPool max() {
    return new GlobalPool(false);
  }

  private String name() {
    return mean ? "global_avg_pool" : "global_max_pool";
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final Shape shape = input.shape();
    if (shape.rank() < 3 || !shape.isBatched()) {
      throw GradusException.mismatch("shape of input of " + name(), "[N,channels,...]", shape);
    }
    if (mean) {
      return scope.graph().apply(new PlaneMean(), input);
    }
    final int channels = shape.dim(1);
    final int plane = Math.toIntExact(shape.rowElements() / channels);
    final Window whole = new Window(WindowAxis.POINT, new WindowAxis(plane, plane, 0, 0, 1));
    final Value lines = scope.graph().apply(new Reshape(Shape.batched(channels, 1, plane)), input);
    final Value largest = scope.graph().applyAll(new MaxPool2d(whole), lines).get(0);
    return scope.graph().apply(new Reshape(Shape.batched(channels)), largest);
  }

  @Override
  public String describe() {
    return name() + "()";
  }
}
