package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.AddChannelBias;
import dev.gradus.graph.op.ChannelSum;
import dev.gradus.graph.op.Conv2d;
import dev.gradus.graph.op.Conv2dWeightGradient;
import dev.gradus.graph.op.ConvTranspose2d;
import dev.gradus.graph.op.FusedConv2d;
import dev.gradus.graph.op.Reshape;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows of the table for ops of images: tensors (N, channels, height, width). */
final class ImageRows {
  private ImageRows() {}

  static List<OpRow> rows() {
    return List.of(
        reshape(),
        conv2d(),
        fusedConv2d(),
        convTranspose2d(),
        conv2dWeightGradient(),
        addChannelBias(),
        channelSum());
  }

  /**
   * A convolution to test.
   *
   * @param image of the input: channels, height, width.
   */
  record Case(int capacity, Shape image, int filters, Window window, int groups) {
    TensorType input() {
      return TensorType.float32(image);
    }

    TensorType weight() {
      return fixed(
          filters, image.dim(1) / groups, window.vertical().size(), window.horizontal().size());
    }

    TensorType output() {
      return batched(
          filters,
          window.vertical().output(image.dim(2)),
          window.horizontal().output(image.dim(3)));
    }
  }

  private static Shape image(final int channels, final int height, final int width) {
    return Shape.batched(channels, height, width);
  }

  private static WindowAxis axis(
      final int size, final int stride, final int before, final int after, final int dilation) {
    return new WindowAxis(size, stride, before, after, dilation);
  }

  /**
   * Windows of all kinds: points, larger than the image, strides that leave a rest, padding on one
   * side, dilation, groups down to single channels, lines of a vector and one more or less; images
   * of several bands, weights whose gradient is cut into blocks of channels; the last ones are
   * large enough to need no columns.
   */
  static List<Case> convolutions() {
    return List.of(
        new Case(1, image(1, 1, 1), 1, Window.square(1, 1, 0, 1), 1),
        new Case(3, image(2, 4, 5), 3, Window.square(3, 1, 1, 1), 1),
        new Case(5, image(1, 5, 4), 2, Window.square(2, 1, 0, 1), 1),
        new Case(2, image(3, 7, 8), 2, Window.square(3, 2, 1, 1), 1),
        new Case(2, image(2, 9, 10), 2, Window.square(3, 1, 2, 2), 1),
        new Case(2, image(4, 5, 6), 6, Window.square(3, 1, 1, 1), 2),
        new Case(3, image(3, 6, 6), 3, Window.square(3, 1, 1, 1), 3),
        new Case(2, image(2, 6, 7), 4, Window.square(2, 2, 0, 1), 2),
        new Case(2, image(5, 3, 4), 7, Window.square(1, 1, 0, 1), 1),
        new Case(2, image(3, 5, 5), 2, Window.square(1, 2, 0, 1), 1),
        new Case(2, image(2, 1, 9), 3, new Window(WindowAxis.POINT, axis(3, 1, 1, 1, 1)), 1),
        new Case(2, image(2, 6, 5), 2, new Window(axis(4, 1, 1, 2, 1), axis(2, 3, 0, 1, 2)), 1),
        new Case(2, image(1, 2, 3), 2, Window.square(5, 1, 3, 1), 1),
        new Case(2, image(2, 3, 2), 2, Window.square(2, 1, 4, 1), 1),
        new Case(3, image(2, 5, 17), 5, Window.square(3, 1, 1, 1), 1),
        new Case(2, image(3, 10, 18), 17, Window.square(3, 1, 0, 1), 1),
        new Case(21, image(1, 12, 12), 8, Window.square(5, 1, 2, 1), 1),
        new Case(5, image(16, 14, 14), 20, Window.square(3, 1, 1, 1), 1),
        new Case(1, image(40, 61, 67), 9, Window.square(3, 1, 1, 1), 1),
        new Case(3, image(90, 6, 6), 330, Window.square(3, 1, 1, 1), 1),
        new Case(3, image(1, 9, 28), 13, Window.square(3, 1, 0, 1), 1),
        new Case(2, image(3, 7, 32), 12, Window.square(3, 1, 1, 1), 1),
        new Case(2, image(4, 8, 64), 6, new Window(axis(2, 2, 1, 0, 2), axis(3, 1, 0, 1, 2)), 2),
        new Case(1, image(3, 60, 200), 12, Window.square(5, 1, 1, 1), 1),
        new Case(2, image(13, 13, 16), 30, Window.square(3, 1, 0, 2), 1),
        new Case(2, image(30, 1, 8), 24, new Window(WindowAxis.POINT, axis(3, 1, 0, 0, 1)), 1),
        new Case(2, image(15, 15, 23), 25, new Window(axis(5, 2, 3, 0, 1), axis(3, 1, 0, 2, 1)), 1),
        new Case(2, image(50, 13, 7), 56, new Window(axis(2, 1, 1, 1, 3), axis(3, 1, 1, 1, 1)), 2),
        new Case(2, image(24, 9, 8), 28, Window.square(3, 1, 3, 1), 1),
        new Case(1, image(8, 90, 70), 24, Window.square(3, 1, 0, 1), 1),
        new Case(2, image(97, 7, 12), 155, Window.square(3, 1, 1, 1), 1));
  }

  private static OpRow conv2d() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : convolutions()) {
      samples.add(
          new Sample(
              new Conv2d(c.window, c.groups),
              c.capacity,
              List.of(c.input(), c.weight()),
              List.of(Draw.normal(), Draw.normal())));
    }
    final Conv2d three = new Conv2d(Window.square(3, 1, 0, 1), 1);
    return new OpRow(Conv2d.class, ImageReferences::conv2d)
        .samples(samples)
        .differentiable(0, 1)
        .refuses(
            "number of inputs of conv2d mismatch: expected=2, actual=1", three, batched(1, 5, 5))
        .refuses(
            "shape of input of conv2d mismatch: expected=[N,channels,height,width],"
                + " actual=[N,25]",
            three,
            batched(25),
            fixed(4, 1, 3, 3))
        .refuses(
            "shape of weight of conv2d mismatch: expected=[filters,2,3,3], actual=[4,1,3,3]",
            three,
            batched(2, 5, 5),
            fixed(4, 1, 3, 3))
        .refuses(
            "shape of weight of conv2d mismatch: expected=[filters,2,3,3], actual=[4,2,3,2]",
            three,
            batched(2, 5, 5),
            fixed(4, 2, 3, 2))
        .refuses(
            "images of conv2d out of range: expected=large enough for the window 3x3,"
                + " actual=[N,2,5,2]",
            three,
            batched(2, 5, 2),
            fixed(4, 2, 3, 3))
        .refuses(
            "groups of conv2d out of range: expected=a divisor of 3 channels, actual=2",
            new Conv2d(Window.square(3, 1, 0, 1), 2),
            batched(3, 5, 5),
            fixed(4, 1, 3, 3))
        .refuses(
            "groups of conv2d out of range: expected=a divisor of 3 filters, actual=2",
            new Conv2d(Window.square(3, 1, 0, 1), 2),
            batched(4, 5, 5),
            fixed(3, 2, 3, 3))
        .refuses(
            "element type of input of conv2d mismatch: expected=FLOAT32, actual=INT32",
            three,
            labels(1, 5, 5),
            fixed(4, 1, 3, 3));
  }

  private static OpRow fusedConv2d() {
    final List<Sample> samples = new ArrayList<>();
    final List<Case> cases = convolutions();
    for (final Case c : cases) {
      final Conv2d conv = new Conv2d(c.window, c.groups);
      final List<TensorType> types = List.of(c.input(), c.weight());
      final List<TensorType> biased = List.of(c.input(), c.weight(), fixed(c.filters));
      final List<Draw> draws = Collections.nCopies(3, Draw.normal());
      samples.add(new Sample(new FusedConv2d(conv, true, null), c.capacity, biased, draws));
      final boolean small = cases.indexOf(c) < 18;
      for (final String name : small ? Activations.names() : List.of("relu", "sigmoid")) {
        final Activation f = Activations.byName(name);
        samples.add(new Sample(new FusedConv2d(conv, true, f), c.capacity, biased, draws));
        samples.add(
            new Sample(new FusedConv2d(conv, false, f), c.capacity, types, draws.subList(0, 2)));
      }
    }
    final FusedConv2d op =
        new FusedConv2d(new Conv2d(Window.square(3, 1, 0, 1), 1), true, Activations.RELU);
    return new OpRow(FusedConv2d.class, ImageReferences::fusedConv2d)
        .samples(samples)
        .refuses(
            "number of inputs of conv2d+bias+relu mismatch: expected=3, actual=2",
            op,
            batched(1, 5, 5),
            fixed(4, 1, 3, 3))
        .refuses(
            "bias of conv2d+bias+relu mismatch: expected=f32[4], actual=f32[5]",
            op,
            batched(1, 5, 5),
            fixed(4, 1, 3, 3),
            fixed(5));
  }

  /** Images of awkward sizes, sequences, and enough for several chunks. */
  private static final List<Shape> IMAGES =
      List.of(
          Shape.batched(1, 1),
          Shape.batched(3, 7),
          Shape.batched(1, 1, 1),
          Shape.batched(2, 3, 5),
          Shape.batched(5, 2, 4),
          Shape.batched(3, 3, 3),
          Shape.batched(1, 4, 4),
          Shape.batched(4, 1, 17),
          Shape.batched(17, 5, 3),
          Shape.batched(67, 31, 33),
          Shape.of(2, 3, 4, 5));

  private static List<Sample> images(final Op op, final boolean bias) {
    final List<Sample> samples = new ArrayList<>();
    for (final Shape shape : IMAGES) {
      final TensorType x = TensorType.float32(shape);
      samples.add(
          new Sample(
              op,
              shape.isBatched() ? 5 : 1,
              bias ? List.of(x, fixed(shape.dim(1))) : List.of(x),
              Collections.nCopies(bias ? 2 : 1, Draw.normal())));
    }
    return samples;
  }

  private static OpRow addChannelBias() {
    return new OpRow(AddChannelBias.class, ImageReferences::addChannelBias)
        .samples(images(new AddChannelBias(), true))
        .differentiable(0, 1)
        .refuses(
            "rank of input of add_channel_bias mismatch: expected=3 or more, actual=[N,3]",
            new AddChannelBias(),
            batched(3),
            fixed(3))
        .refuses(
            "bias of add_channel_bias mismatch: expected=f32[3], actual=f32[4]",
            new AddChannelBias(),
            batched(3, 4, 4),
            fixed(4));
  }

  private static OpRow channelSum() {
    return new OpRow(ChannelSum.class, ImageReferences::channelSum)
        .samples(images(new ChannelSum(), false))
        .refuses(
            "rank of input of channel_sum mismatch: expected=3 or more, actual=[N,3]",
            new ChannelSum(),
            batched(3));
  }

  private static OpRow convTranspose2d() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : convolutions()) {
      samples.add(
          new Sample(
              new ConvTranspose2d(c.window, c.groups, c.image.dim(2), c.image.dim(3)),
              c.capacity,
              List.of(c.output(), c.weight()),
              List.of(Draw.normal(), Draw.normal())));
    }
    final ConvTranspose2d op = new ConvTranspose2d(Window.square(3, 2, 1, 1), 1, 8, 8);
    return new OpRow(ConvTranspose2d.class, ImageReferences::convTranspose2d)
        .samples(samples)
        .differentiable(0, 1)
        .refuses(
            "shape of weight of conv_transpose2d mismatch:"
                + " expected=[4,channels / groups,height,width], actual=[5,2,3,3]",
            op,
            batched(4, 4, 4),
            fixed(5, 2, 3, 3))
        .refuses(
            "shape of input of conv_transpose2d to 8x8 mismatch: expected=[N,4,4,4],"
                + " actual=[N,4,5,4]",
            op,
            batched(4, 5, 4),
            fixed(4, 2, 3, 3))
        .refuses(
            "shape of input of conv_transpose2d mismatch: expected=[N,channels,height,width],"
                + " actual=[N,4]",
            op,
            batched(4),
            fixed(4, 2, 3, 3));
  }

  private static OpRow conv2dWeightGradient() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : convolutions()) {
      samples.add(
          new Sample(
              new Conv2dWeightGradient(c.window, c.groups),
              c.capacity,
              List.of(c.input(), c.output()),
              List.of(Draw.normal(), Draw.normal())));
    }
    final Conv2dWeightGradient op = new Conv2dWeightGradient(Window.square(3, 1, 0, 1), 2);
    return new OpRow(Conv2dWeightGradient.class, ImageReferences::conv2dWeightGradient)
        .samples(samples)
        .differentiable(0, 1)
        .refuses(
            "shape of output gradient of conv2d_weight_gradient mismatch: expected=[N,4,3,3],"
                + " actual=[N,4,3,4]",
            op,
            batched(2, 5, 5),
            batched(4, 3, 4))
        .refuses(
            "groups of conv2d_weight_gradient out of range: expected=a divisor of 3 channels,"
                + " actual=2",
            op,
            batched(3, 5, 5),
            batched(4, 3, 3));
  }

  private static OpRow reshape() {
    final Shape[][] shapes = {
      {Shape.batched(6), Shape.batched(2, 3)},
      {Shape.batched(2, 3, 5), Shape.batched(30)},
      {Shape.batched(4, 1), Shape.batched(1, 4)},
      {Shape.batched(17), Shape.batched(1, 1, 17)},
      {Shape.batched(9, 4), Shape.batched(4, 9)},
      {Shape.of(6, 4), Shape.of(2, 12)},
      {Shape.of(12), Shape.of(3, 4)},
    };
    final List<Sample> samples = new ArrayList<>();
    for (final Shape[] pair : shapes) {
      for (int capacity = 1; capacity <= 5; capacity += 4) {
        final TensorType type = TensorType.float32(pair[0]);
        samples.add(
            new Sample(new Reshape(pair[1]), capacity, List.of(type), List.of(Draw.normal())));
      }
    }
    return new OpRow(Reshape.class, ImageReferences::reshape)
        .samples(samples)
        .differentiable(0)
        .refuses(
            "number of inputs of reshape mismatch: expected=1, actual=2",
            new Reshape(Shape.batched(6)),
            batched(6),
            batched(6))
        .refuses(
            "shape of input of reshape to [N,6] mismatch: expected=6 elements a row,"
                + " actual=[N,2,4]",
            new Reshape(Shape.batched(6)),
            batched(2, 4))
        .refuses(
            "shape of input of reshape to [6] mismatch: expected=6 elements, actual=[N]",
            new Reshape(Shape.of(6)),
            labels())
        .refuses(
            "shape of input of reshape to [N] mismatch: expected=1 elements a row, actual=[1]",
            new Reshape(Shape.batched()),
            fixed(1));
  }
}
