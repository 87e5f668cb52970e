package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.PooledConv2dGradient;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import java.util.ArrayList;
import java.util.List;

/** The row of the table for gradients of a convolution that is pooled. */
final class PooledConvRows {
  private static final Window THREE = Window.square(3, 1, 0, 1);

  private PooledConvRows() {}

  /** Images (channels, height, width), a convolution of them, and the pooled planes. */
  private record Case(
      int capacity, Shape image, Window window, int filters, int height, int width) {
    private TensorType x() {
      return TensorType.float32(image);
    }

    private Shape pooled() {
      return Shape.batched(filters, height, width);
    }

    private TensorType weight() {
      return fixed(filters, image.dim(1), window.vertical().size(), window.horizontal().size());
    }

    private int positions() {
      return window.vertical().output(image.dim(2)) * window.horizontal().output(image.dim(3));
    }

    /** Any places, some twice, as where windows overlap; some without a gradient. */
    private Sample sample(final Activation activation, final boolean bias, final boolean input) {
      final List<TensorType> types =
          new ArrayList<>(List.of(x(), TensorType.int32(pooled()), TensorType.float32(pooled())));
      final List<Draw> draws =
          new ArrayList<>(
              List.of(
                  Draw.normal(),
                  (random, shape) ->
                      random.ints(shape.elements(1), 0, positions()).asDoubleStream().toArray(),
                  Draw.each(v -> Math.abs(v) < 0.3 ? 0 : v)));
      if (activation != null) {
        types.add(TensorType.float32(pooled()));
        draws.add(Draw.normal());
      }
      if (input) {
        types.add(weight());
        draws.add(Draw.normal());
      }
      final Op op = new PooledConv2dGradient(window, activation, bias, input);
      return new Sample(op, capacity, types, draws);
    }
  }

  /**
   * Windows whose patch is one block and more; blocks in whole groups, in part of one, and both;
   * padding, strides, one channel and some; more filters than are added up at once; no filter at
   * all of a last vector of places.
   */
  private static List<Case> cases() {
    final Window uneven = new Window(new WindowAxis(5, 2, 1, 2, 1), new WindowAxis(3, 3, 0, 1, 1));
    return List.of(
        new Case(9, Shape.batched(1, 28, 28), THREE, 5, 13, 13),
        new Case(3, Shape.batched(32, 13, 13), THREE, 7, 5, 5),
        new Case(20, Shape.batched(3, 9, 11), uneven, 4, 2, 2),
        new Case(17, Shape.batched(1, 8, 8), Window.square(5, 1, 2, 1), 3, 4, 4),
        new Case(2, Shape.batched(20, 6, 7), THREE, 9, 2, 3),
        new Case(5, Shape.batched(16, 5, 5), THREE, 2, 1, 1),
        new Case(1, Shape.batched(2, 7, 9), Window.square(2, 2, 1, 1), 17, 2, 3),
        new Case(4, Shape.batched(5, 4, 4), Window.square(1, 1, 0, 1), 6, 2, 2),
        new Case(2, Shape.batched(1, 4, 40), Window.square(1, 1, 0, 1), 3, 3, 11),
        new Case(16, Shape.batched(32, 4, 4), THREE, 256, 1, 1));
  }

  static OpRow row() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : cases()) {
      samples.add(c.sample(Activations.RELU, true, false));
      samples.add(c.sample(Activations.RELU, true, true));
      samples.add(c.sample(Activations.byName("leaky_relu(0.5)"), false, true));
      samples.add(c.sample(null, true, true));
      samples.add(c.sample(null, false, false));
    }
    final PooledConv2dGradient all = new PooledConv2dGradient(THREE, Activations.RELU, true, true);
    final PooledConv2dGradient weights = new PooledConv2dGradient(THREE, null, false, false);
    return new OpRow(PooledConv2dGradient.class, PooledConvRows::reference)
        .samples(samples)
        .refuses(
            "number of inputs of pooled_conv2d_gradient*relu' mismatch: expected=5, actual=2",
            all,
            batched(2, 5, 5),
            labels(4, 1, 1))
        .refuses(
            "indices of pooled_conv2d_gradient mismatch: expected=i32[N,4,1,1],"
                + " actual=i32[N,4,1,2]",
            weights,
            batched(2, 5, 5),
            labels(4, 1, 2),
            batched(4, 1, 1))
        .refuses(
            "images of output gradient of pooled_conv2d_gradient mismatch: expected=[N,4,1,1],"
                + " actual=[3,4,1,1]",
            weights,
            batched(2, 5, 5),
            labels(4, 1, 1),
            fixed(3, 4, 1, 1))
        .refuses(
            "weight of pooled_conv2d_gradient*relu' mismatch: expected=f32[4,2,3,3],"
                + " actual=f32[4,1,3,3]",
            all,
            batched(2, 5, 5),
            labels(4, 1, 1),
            batched(4, 1, 1),
            batched(4, 1, 1),
            fixed(4, 1, 3, 3));
  }

  /** Place by place: what goes to one meets what its window reads. */
  private static List<RealTensor> reference(final Op op, final List<RealTensor> inputs) {
    final PooledConv2dGradient gradient = (PooledConv2dGradient) op;
    final WindowAxis v = gradient.window().vertical();
    final WindowAxis h = gradient.window().horizontal();
    final RealTensor x = inputs.get(0);
    final RealTensor dY = inputs.get(2);
    final Shape images = x.shape();
    final Shape weight = Shape.of(dY.shape().dim(1), images.dim(1), v.size(), h.size());
    final RealTensor w = gradient.input() ? inputs.get(inputs.size() - 1) : null;
    final Products dWeight = new Products(weight);
    final Products dBias = new Products(Shape.of(weight.dim(0)));
    final Products dX = new Products(images);
    final int columns = ImageReferences.positions(h, images.dim(3));
    final int places = dY.shape().dim(2) * dY.shape().dim(3);
    for (int o = 0; o < dY.length(); o++) {
      final double g = dY.at(o) * slope(gradient.activation(), inputs, o);
      final int place = (int) inputs.get(1).at(o);
      final int image = o / places / weight.dim(0);
      final int filter = o / places % weight.dim(0);
      dBias.add(filter, g);
      for (int e = 0; e < weight.rowElements(); e++) {
        final int channel = e / (v.size() * h.size());
        final int row = place / columns * v.stride() - v.before() + e / h.size() % v.size();
        final int column = place % columns * h.stride() - h.before() + e % h.size();
        if (row >= 0 && row < images.dim(2) && column >= 0 && column < images.dim(3)) {
          final int plane = image * images.dim(1) + channel;
          final int at = (plane * images.dim(2) + row) * images.dim(3) + column;
          final int wAt = filter * (int) weight.rowElements() + e;
          dWeight.add(wAt, x.at(at) * g);
          if (w != null) {
            dX.add(at, w.at(wAt) * g);
          }
        }
      }
    }
    final List<RealTensor> outputs = new ArrayList<>(List.of(dWeight.sums(weight)));
    if (gradient.bias()) {
      outputs.add(dBias.sums(Shape.of(weight.dim(0))));
    }
    if (gradient.input()) {
      outputs.add(dX.sums(images));
    }
    return outputs;
  }

  private static double slope(
      final Activation activation, final List<RealTensor> inputs, final int o) {
    return activation == null
        ? 1
        : ActivationReference.of(activation).derivative().applyAsDouble(inputs.get(3).at(o));
  }
}
