package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;

import dev.gradus.graph.op.AvgPool2d;
import dev.gradus.graph.op.MaxPool2d;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Conv1d;
import dev.gradus.nn.Conv2d;
import dev.gradus.nn.ConvTranspose2d;
import dev.gradus.nn.GlobalPool;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Pool;
import java.util.List;
import java.util.Map;

/** Layers over images and sequences of channels, from their definitions. */
final class ImageLayers {
  private ImageLayers() {}

  static Map<Class<? extends Layer>, LayerReference> references() {
    return Map.of(
        Conv2d.class,
        new LayerReference(
            List.of(batched(2, 5, 6), batched(4, 4, 4)),
            List.of(
                new Conv2d(3, 2, null),
                new Conv2d(4, 3, Activations.RELU),
                new Conv2d(4, Window.square(3, 2, 1, 1), 2, Activations.TANH)),
            ImageLayers::conv2d),
        ConvTranspose2d.class,
        new LayerReference(
            List.of(batched(2, 3, 4), batched(4, 4, 4)),
            List.of(
                new ConvTranspose2d(3, Window.square(2, 1, 0, 1), 1, 0, null),
                new ConvTranspose2d(4, Window.square(3, 2, 1, 1), 2, 1, Activations.TANH)),
            ImageLayers::convTranspose2d),
        Conv1d.class,
        new LayerReference(
            List.of(batched(2, 7), batched(4, 5)),
            List.of(
                new Conv1d(3, 2, null),
                new Conv1d(4, new WindowAxis(3, 2, 1, 1, 1), 2, Activations.SIGMOID)),
            ImageLayers::conv1d),
        Pool.class,
        new LayerReference(
            List.of(batched(2, 5, 6)),
            List.of(
                Pool.max2d(2), Pool.avg2d(3), new Pool(2, true, Window.square(3, 2, 1, 1), false)),
            ImageLayers::pool),
        GlobalPool.class,
        new LayerReference(
            List.of(batched(2, 5, 6), batched(3, 7)),
            List.of(GlobalPool.avg(), GlobalPool.max()),
            ImageLayers::globalPool));
  }

  private static RealTensor finish(
      final RealTensor product, final RealTensor bias, final Activation activation) {
    final Shape shape = product.shape();
    final int plane = product.length() / (shape.dim(0) * shape.dim(1));
    final RealTensor y = RealTensor.zeros(shape);
    for (int i = 0; i < y.length(); i++) {
      final double sum = product.at(i) + bias.at(i / plane % shape.dim(1));
      y.set(
          i,
          activation == null
              ? sum
              : ActivationReference.of(activation).function().applyAsDouble(sum),
          0);
    }
    return y;
  }

  private static RealTensor conv2d(final Layer layer, final List<RealTensor> operands) {
    final Conv2d conv = (Conv2d) layer;
    final RealTensor product =
        ImageReferences.conv2d(conv.window(), conv.groups(), operands.get(0), operands.get(1));
    return finish(product, operands.get(2), conv.activation());
  }

  /** Each element of x spreads over a window of y. */
  private static RealTensor convTranspose2d(final Layer layer, final List<RealTensor> operands) {
    final ConvTranspose2d conv = (ConvTranspose2d) layer;
    final Shape x = operands.get(0).shape();
    final WindowAxis axis = conv.window().vertical();
    final int channels = x.dim(1) / conv.groups();
    final int filters = conv.filters() / conv.groups();
    final int[] sizes = new int[2];
    for (int i = 0; i < 2; i++) {
      sizes[i] =
          (x.dim(2 + i) - 1) * axis.stride()
              - 2 * axis.before()
              + axis.size()
              + conv.outputPadding();
    }
    final Shape shape = Shape.of(x.dim(0), conv.filters(), sizes[0], sizes[1]);
    final double[] y = new double[(int) shape.elements(1)];
    for (int at = 0; at < operands.get(0).length(); at++) {
      final int column = at % x.dim(3);
      final int row = at / x.dim(3) % x.dim(2);
      final int channel = at / x.dim(3) / x.dim(2) % x.dim(1);
      final int image = at / x.dim(3) / x.dim(2) / x.dim(1);
      for (int f = 0; f < filters; f++) {
        for (int i = 0; i < axis.size(); i++) {
          for (int j = 0; j < axis.size(); j++) {
            final int oy = row * axis.stride() - axis.before() + i;
            final int ox = column * axis.stride() - axis.before() + j;
            if (oy >= 0 && oy < sizes[0] && ox >= 0 && ox < sizes[1]) {
              final int filter = channel / channels * filters + f;
              final int weight = ((channel * filters + f) * axis.size() + i) * axis.size() + j;
              y[((image * conv.filters() + filter) * sizes[0] + oy) * sizes[1] + ox] +=
                  operands.get(0).at(at) * operands.get(1).at(weight);
            }
          }
        }
      }
    }
    return finish(RealTensor.of(shape, y), operands.get(2), conv.activation());
  }

  private static RealTensor conv1d(final Layer layer, final List<RealTensor> operands) {
    final Conv1d conv = (Conv1d) layer;
    final RealTensor x = operands.get(0);
    final WindowAxis axis = conv.window();
    final int length = ImageReferences.positions(axis, x.shape().dim(2));
    final int channels = x.shape().dim(1) / conv.groups();
    final int filters = conv.filters() / conv.groups();
    final RealTensor y = RealTensor.zeros(Shape.of(x.shape().dim(0), conv.filters(), length));
    for (int i = 0; i < y.length(); i++) {
      final int o = i % length;
      final int f = i / length % conv.filters();
      final int n = i / length / conv.filters();
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        for (int j = 0; j < axis.size(); j++) {
          final int at = o * axis.stride() - axis.before() + j * axis.dilation();
          if (at >= 0 && at < x.shape().dim(2)) {
            final int channel = f / filters * channels + c;
            final double element = x.at((n * x.shape().dim(1) + channel) * x.shape().dim(2) + at);
            sum += element * operands.get(1).at((f * channels + c) * axis.size() + j);
          }
        }
      }
      y.set(i, sum, 0);
    }
    return finish(y, operands.get(2), conv.activation());
  }

  private static RealTensor pool(final Layer layer, final List<RealTensor> operands) {
    final Pool pool = (Pool) layer;
    return pool.mean()
        ? PoolReferences.avgPool(new AvgPool2d(pool.window(), pool.countIncludePad()), operands)
            .get(0)
        : PoolReferences.maxPool(new MaxPool2d(pool.window()), operands).get(0);
  }

  private static RealTensor globalPool(final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    if (((GlobalPool) layer).mean()) {
      return PoolReferences.planeMean(null, operands).get(0);
    }
    final Shape shape = Shape.of(x.shape().dim(0), x.shape().dim(1));
    final RealTensor y = RealTensor.zeros(shape);
    final int plane = x.length() / y.length();
    for (int i = 0; i < x.length(); i++) {
      y.set(i / plane, i % plane == 0 ? x.at(i) : Math.max(y.at(i / plane), x.at(i)), 0);
    }
    return y;
  }
}
