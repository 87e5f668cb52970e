package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Conv2d;
import dev.gradus.graph.op.Conv2dWeightGradient;
import dev.gradus.graph.op.ConvTranspose2d;
import dev.gradus.graph.op.FusedConv2d;
import dev.gradus.graph.op.Reshape;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.Shape;
import java.util.List;

/** Ops of images in double precision. */
final class ImageReferences {
  private ImageReferences() {}

  static List<RealTensor> reshape(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final Shape to = ((Reshape) op).shape();
    final Shape shape = to.isBatched() ? to.at(x.shape().dim(0)) : to;
    return List.of(RealTensor.of(shape, x.values()));
  }

  /** One product of a convolution: of the elements of x, w and y at these positions. */
  private interface Term {
    void visit(int x, int w, int y);
  }

  /** Visits every product of a convolution of images (n, c, h, w) with a weight. */
  private static void convolve(
      final Window window,
      final int groups,
      final Shape x,
      final Shape weight,
      final Shape y,
      final Term term) {
    final WindowAxis v = window.vertical();
    final WindowAxis h = window.horizontal();
    final int groupChannels = x.dim(1) / groups;
    final int groupFilters = y.dim(1) / groups;
    for (int n = 0; n < x.dim(0); n++) {
      for (int f = 0; f < y.dim(1); f++) {
        for (int oy = 0; oy < y.dim(2); oy++) {
          for (int ox = 0; ox < y.dim(3); ox++) {
            for (int c = 0; c < groupChannels; c++) {
              for (int i = 0; i < v.size(); i++) {
                for (int j = 0; j < h.size(); j++) {
                  final int iy = oy * v.stride() - v.before() + i * v.dilation();
                  final int ix = ox * h.stride() - h.before() + j * h.dilation();
                  if (iy >= 0 && iy < x.dim(2) && ix >= 0 && ix < x.dim(3)) {
                    final int channel = f / groupFilters * groupChannels + c;
                    term.visit(
                        index(x, n, channel, iy, ix),
                        index(weight, f, c, i, j),
                        index(y, n, f, oy, ox));
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private static int index(final Shape shape, final int a, final int b, final int c, final int d) {
    return ((a * shape.dim(1) + b) * shape.dim(2) + c) * shape.dim(3) + d;
  }

  static List<RealTensor> conv2d(final Op op, final List<RealTensor> inputs) {
    final Conv2d conv = (Conv2d) op;
    return List.of(conv2d(conv.window(), conv.groups(), inputs.get(0), inputs.get(1)));
  }

  static RealTensor conv2d(
      final Window window, final int groups, final RealTensor x, final RealTensor weight) {
    final Shape y =
        Shape.of(
            x.shape().dim(0),
            weight.shape().dim(0),
            positions(window.vertical(), x.shape().dim(2)),
            positions(window.horizontal(), x.shape().dim(3)));
    final Products products = new Products(y);
    convolve(
        window,
        groups,
        x.shape(),
        weight.shape(),
        y,
        (in, w, out) -> products.add(out, x.at(in) * weight.at(w)));
    return products.sums(y);
  }

  /** Counts the places of a window one by one. */
  static int positions(final WindowAxis axis, final int input) {
    int count = 0;
    int last = (axis.size() - 1) * axis.dilation();
    while (last < axis.before() + input + axis.after()) {
      count++;
      last += axis.stride();
    }
    return count;
  }

  static List<RealTensor> fusedConv2d(final Op op, final List<RealTensor> inputs) {
    final FusedConv2d fused = (FusedConv2d) op;
    final RealTensor sums = conv2d(fused.conv(), inputs).get(0);
    final int plane = sums.shape().dim(2) * sums.shape().dim(3);
    final RealTensor y = RealTensor.zeros(sums.shape());
    for (int i = 0; i < y.length(); i++) {
      final double bias = fused.bias() ? inputs.get(2).at(i / plane % y.shape().dim(1)) : 0;
      final double x = sums.at(i) + bias;
      final double error = sums.bound(i) + Math.abs(x) + Math.abs(bias);
      DenseReferences.activate(fused.activation(), x, error, y, i);
    }
    return List.of(y);
  }

  static List<RealTensor> addChannelBias(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(x.shape());
    final int channels = x.shape().dim(1);
    final int plane = x.length() / (x.shape().dim(0) * channels);
    for (int i = 0; i < x.length(); i++) {
      final double sum = x.at(i) + inputs.get(1).at(i / plane % channels);
      y.set(i, sum, Math.abs(sum));
    }
    return List.of(y);
  }

  static List<RealTensor> channelSum(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final int channels = x.shape().dim(1);
    final int plane = x.length() / (x.shape().dim(0) * channels);
    final Products sums = new Products(Shape.of(channels));
    for (int i = 0; i < x.length(); i++) {
      sums.add(i / plane % channels, x.at(i));
    }
    return List.of(sums.sums(Shape.of(channels)));
  }

  static List<RealTensor> convTranspose2d(final Op op, final List<RealTensor> inputs) {
    final ConvTranspose2d conv = (ConvTranspose2d) op;
    final RealTensor y = inputs.get(0);
    final RealTensor weight = inputs.get(1);
    final Shape x =
        Shape.of(
            y.shape().dim(0), weight.shape().dim(1) * conv.groups(), conv.height(), conv.width());
    final Products products = new Products(x);
    convolve(
        conv.window(),
        conv.groups(),
        x,
        weight.shape(),
        y.shape(),
        (in, w, out) -> products.add(in, y.at(out) * weight.at(w)));
    return List.of(products.sums(x));
  }

  static List<RealTensor> conv2dWeightGradient(final Op op, final List<RealTensor> inputs) {
    final Conv2dWeightGradient conv = (Conv2dWeightGradient) op;
    final RealTensor x = inputs.get(0);
    final RealTensor dY = inputs.get(1);
    final Shape weight =
        Shape.of(
            dY.shape().dim(1),
            x.shape().dim(1) / conv.groups(),
            conv.window().vertical().size(),
            conv.window().horizontal().size());
    final Products products = new Products(weight);
    convolve(
        conv.window(),
        conv.groups(),
        x.shape(),
        weight,
        dY.shape(),
        (in, w, out) -> products.add(w, x.at(in) * dY.at(out)));
    return List.of(products.sums(weight));
  }
}
