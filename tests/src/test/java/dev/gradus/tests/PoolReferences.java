package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.AvgPool2d;
import dev.gradus.graph.op.AvgPool2dGradient;
import dev.gradus.graph.op.MaxPool2d;
import dev.gradus.graph.op.MaxPool2dGradient;
import dev.gradus.graph.op.PlaneMeanGradient;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/** Pooling in double precision, window by window. */
final class PoolReferences {
  private PoolReferences() {}

  /** The elements of an image's plane that window (row, column) covers, row-major. */
  static List<Integer> covered(
      final Window window, final Shape x, final int row, final int column) {
    final WindowAxis v = window.vertical();
    final WindowAxis h = window.horizontal();
    final List<Integer> covered = new ArrayList<>();
    for (int i = 0; i < v.size(); i++) {
      for (int j = 0; j < h.size(); j++) {
        final int y = row * v.stride() - v.before() + i * v.dilation();
        final int z = column * h.stride() - h.before() + j * h.dilation();
        if (y >= 0 && y < x.dim(2) && z >= 0 && z < x.dim(3)) {
          covered.add(y * x.dim(3) + z);
        }
      }
    }
    return covered;
  }

  /** The shape of a pooled batch, its places counted one by one. */
  static Shape pooled(final Window window, final Shape x) {
    return Shape.of(
        x.dim(0),
        x.dim(1),
        ImageReferences.positions(window.vertical(), x.dim(2)),
        ImageReferences.positions(window.horizontal(), x.dim(3)));
  }

  private static int plane(final Shape shape) {
    return shape.dim(2) * shape.dim(3);
  }

  static List<RealTensor> maxPool(final Op op, final List<RealTensor> inputs) {
    final Window window = ((MaxPool2d) op).window();
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(pooled(window, x.shape()));
    final RealTensor indices = RealTensor.zeros(y.shape());
    for (int o = 0; o < y.length(); o++) {
      final int start = o / plane(y.shape()) * plane(x.shape());
      final int place = o % plane(y.shape());
      final List<Integer> covered =
          covered(window, x.shape(), place / y.shape().dim(3), place % y.shape().dim(3));
      int best = covered.get(0);
      for (final int i : covered) {
        if (x.at(start + i) > x.at(start + best)) {
          best = i;
        }
      }
      y.set(o, x.at(start + best), 0);
      indices.set(o, best, 0);
    }
    return List.of(y, indices);
  }

  static List<RealTensor> maxPoolGradient(final Op op, final List<RealTensor> inputs) {
    final MaxPool2dGradient gradient = (MaxPool2dGradient) op;
    final RealTensor dY = inputs.get(1);
    final Shape shape =
        Shape.of(dY.shape().dim(0), dY.shape().dim(1), gradient.height(), gradient.width());
    final Products sums = new Products(shape);
    for (int o = 0; o < dY.length(); o++) {
      final int start = o / plane(dY.shape()) * plane(shape);
      final double slope =
          gradient.activation() == null
              ? 1
              : ActivationReference.of(gradient.activation())
                  .derivative()
                  .applyAsDouble(inputs.get(2).at(o));
      sums.add(start + (int) inputs.get(0).at(o), dY.at(o) * slope);
    }
    return List.of(sums.sums(shape));
  }

  static List<RealTensor> avgPool(final Op op, final List<RealTensor> inputs) {
    final AvgPool2d pool = (AvgPool2d) op;
    final RealTensor x = inputs.get(0);
    final Shape shape = pooled(pool.window(), x.shape());
    final Products sums = new Products(shape);
    for (int o = 0; o < shape.elements(1); o++) {
      final int start = o / plane(shape) * plane(x.shape());
      final int place = o % plane(shape);
      final List<Integer> covered =
          covered(pool.window(), x.shape(), place / shape.dim(3), place % shape.dim(3));
      final int count = pool.countIncludePad() ? pool.window().area() : covered.size();
      for (final int i : covered) {
        sums.add(o, x.at(start + i) / count);
      }
    }
    return List.of(sums.sums(shape));
  }

  static List<RealTensor> avgPoolGradient(final Op op, final List<RealTensor> inputs) {
    final AvgPool2dGradient pool = (AvgPool2dGradient) op;
    final RealTensor dY = inputs.get(0);
    final Shape shape = Shape.of(dY.shape().dim(0), dY.shape().dim(1), pool.height(), pool.width());
    final Products sums = new Products(shape);
    for (int o = 0; o < dY.length(); o++) {
      final int start = o / plane(dY.shape()) * plane(shape);
      final int place = o % plane(dY.shape());
      final List<Integer> covered =
          covered(pool.window(), shape, place / dY.shape().dim(3), place % dY.shape().dim(3));
      final int count = pool.countIncludePad() ? pool.window().area() : covered.size();
      for (final int i : covered) {
        sums.add(start + i, dY.at(o) / count);
      }
    }
    return List.of(sums.sums(shape));
  }

  static List<RealTensor> planeMean(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final Shape shape = Shape.of(x.shape().dim(0), x.shape().dim(1));
    final int plane = x.length() / (int) shape.elements(1);
    final Products sums = new Products(shape);
    for (int i = 0; i < x.length(); i++) {
      sums.add(i / plane, x.at(i) / plane);
    }
    return List.of(sums.sums(shape));
  }

  static List<RealTensor> planeMeanGradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor dY = inputs.get(0);
    final Shape images = ((PlaneMeanGradient) op).images();
    final Shape shape = images.isBatched() ? images.at(dY.shape().dim(0)) : images;
    final RealTensor dX = RealTensor.zeros(shape);
    final int plane = dX.length() / dY.length();
    for (int i = 0; i < dX.length(); i++) {
      final double share = dY.at(i / plane) / plane;
      dX.set(i, share, Math.abs(share));
    }
    return List.of(dX);
  }
}
