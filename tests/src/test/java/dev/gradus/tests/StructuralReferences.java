package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Codes;
import dev.gradus.graph.op.Concat;
import dev.gradus.graph.op.Pad;
import dev.gradus.graph.op.Permute;
import dev.gradus.graph.op.Repeat;
import dev.gradus.graph.op.Scale;
import dev.gradus.graph.op.Slice;
import dev.gradus.graph.op.SumAxis;
import dev.gradus.memory.Shape;
import java.util.List;
import java.util.function.UnaryOperator;

/** Ops that move elements, element by element from their positions; copies are exact. */
final class StructuralReferences {
  private StructuralReferences() {}

  private static int[] dims(final Shape shape) {
    final int[] dims = new int[shape.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = shape.dim(axis);
    }
    return dims;
  }

  private static Shape with(final Shape shape, final int axis, final int size) {
    final int[] dims = dims(shape);
    dims[axis] = size;
    return Shape.of(dims);
  }

  private static int[] position(final Shape shape, final int index) {
    final int[] position = new int[shape.rank()];
    int left = index;
    for (int axis = position.length - 1; axis >= 0; axis--) {
      position[axis] = left % shape.dim(axis);
      left /= shape.dim(axis);
    }
    return position;
  }

  /** The element at a position, 0 outside. */
  private static double at(final RealTensor x, final int... position) {
    int index = 0;
    for (int axis = 0; axis < position.length; axis++) {
      if (position[axis] < 0 || position[axis] >= x.shape().dim(axis)) {
        return 0;
      }
      index = index * x.shape().dim(axis) + position[axis];
    }
    return x.at(index);
  }

  /** Each element of the output from the place in x that its own position leads to. */
  private static List<RealTensor> moved(
      final RealTensor x, final Shape shape, final UnaryOperator<int[]> source) {
    final RealTensor out = RealTensor.zeros(shape);
    for (int i = 0; i < out.length(); i++) {
      out.set(i, at(x, source.apply(position(shape, i))), 0);
    }
    return List.of(out);
  }

  private static UnaryOperator<int[]> shifted(final int axis, final int by) {
    return position -> {
      position[axis] += by;
      return position;
    };
  }

  static List<RealTensor> concat(final Op op, final List<RealTensor> inputs) {
    final int axis = ((Concat) op).axis();
    final int size = inputs.stream().mapToInt(input -> input.shape().dim(axis)).sum();
    final RealTensor out = RealTensor.zeros(with(inputs.get(0).shape(), axis, size));
    for (int i = 0; i < out.length(); i++) {
      final int[] position = position(out.shape(), i);
      int input = 0;
      while (position[axis] >= inputs.get(input).shape().dim(axis)) {
        position[axis] -= inputs.get(input).shape().dim(axis);
        input++;
      }
      out.set(i, at(inputs.get(input), position), 0);
    }
    return List.of(out);
  }

  static List<RealTensor> slice(final Op op, final List<RealTensor> inputs) {
    final Slice slice = (Slice) op;
    final RealTensor x = inputs.get(0);
    return moved(
        x, with(x.shape(), slice.axis(), slice.count()), shifted(slice.axis(), slice.from()));
  }

  static List<RealTensor> pad(final Op op, final List<RealTensor> inputs) {
    final Pad pad = (Pad) op;
    final RealTensor x = inputs.get(0);
    return moved(x, with(x.shape(), pad.axis(), pad.size()), shifted(pad.axis(), -pad.before()));
  }

  static List<RealTensor> repeat(final Op op, final List<RealTensor> inputs) {
    final Repeat repeat = (Repeat) op;
    final RealTensor x = inputs.get(0);
    return moved(
        x,
        with(x.shape(), repeat.axis(), repeat.count()),
        position -> {
          position[repeat.axis()] = 0;
          return position;
        });
  }

  static List<RealTensor> permute(final Op op, final List<RealTensor> inputs) {
    final List<Integer> order = ((Permute) op).order();
    final RealTensor x = inputs.get(0);
    final int[] dims = dims(x.shape());
    for (int i = 0; i < order.size(); i++) {
      dims[i + 1] = x.shape().dim(order.get(i));
    }
    return moved(
        x,
        Shape.of(dims),
        position -> {
          final int[] source = position.clone();
          for (int i = 0; i < order.size(); i++) {
            source[order.get(i)] = position[i + 1];
          }
          return source;
        });
  }

  static List<RealTensor> codes(final Op op, final List<RealTensor> inputs) {
    final List<Integer> sizes = ((Codes) op).sizes();
    final RealTensor x = inputs.get(0);
    final RealTensor out = RealTensor.zeros(x.shape());
    for (int i = 0; i < out.length(); i++) {
      final int column = i % sizes.size();
      final int before = sizes.subList(0, column).stream().mapToInt(Integer::intValue).sum();
      final double value = x.at(i);
      final boolean known = value == Math.floor(value) && value >= 0 && value < sizes.get(column);
      out.set(i, before + (known ? value : 0), 0);
    }
    return List.of(out);
  }

  /** Bound: a sum of k terms is off by at most k roundings of the sum of their magnitudes. */
  static List<RealTensor> sumAxis(final Op op, final List<RealTensor> inputs) {
    final int axis = ((SumAxis) op).axis();
    final RealTensor x = inputs.get(0);
    final RealTensor out = RealTensor.zeros(with(x.shape(), axis, 1));
    final int count = x.shape().dim(axis);
    for (int i = 0; i < out.length(); i++) {
      final int[] position = position(out.shape(), i);
      double sum = 0;
      double magnitude = 0;
      for (int k = 0; k < count; k++) {
        position[axis] = k;
        sum += at(x, position);
        magnitude += Math.abs(at(x, position));
      }
      out.set(i, sum, count * magnitude);
    }
    return List.of(out);
  }

  static List<RealTensor> scale(final Op op, final List<RealTensor> inputs) {
    final RealTensor out = RealTensor.zeros(inputs.get(0).shape());
    for (int i = 0; i < out.length(); i++) {
      final double value = ((Scale) op).factor() * inputs.get(0).at(i);
      out.set(i, value, Math.abs(value));
    }
    return List.of(out);
  }

  static List<RealTensor> subtract(final Op op, final List<RealTensor> inputs) {
    final RealTensor out = RealTensor.zeros(inputs.get(0).shape());
    for (int i = 0; i < out.length(); i++) {
      final double value = inputs.get(0).at(i) - inputs.get(1).at(i);
      out.set(i, value, Math.abs(value));
    }
    return List.of(out);
  }
}
