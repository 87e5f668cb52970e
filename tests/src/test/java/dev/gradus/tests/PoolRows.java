package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.AvgPool2d;
import dev.gradus.graph.op.AvgPool2dGradient;
import dev.gradus.graph.op.MaxPool2d;
import dev.gradus.graph.op.MaxPool2dGradient;
import dev.gradus.graph.op.PlaneMean;
import dev.gradus.graph.op.PlaneMeanGradient;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows of the table for pooling. */
final class PoolRows {
  private PoolRows() {}

  static List<OpRow> rows() {
    return List.of(
        maxPool(),
        maxPoolGradient(),
        avgPool(),
        avgPoolGradient(),
        planeMean(),
        planeMeanGradient());
  }

  /** A pooling to test. */
  private record Case(int capacity, Shape image, Window window) {
    TensorType input() {
      return TensorType.float32(image);
    }

    Shape pooled() {
      return Shape.batched(
          image.dim(1),
          window.vertical().output(image.dim(2)),
          window.horizontal().output(image.dim(3)));
    }

    /** An element of each window. */
    double[] inWindows(final Random random, final Shape pooled) {
      final double[] indices = new double[Math.toIntExact(pooled.elements(1))];
      final int columns = pooled.dim(3);
      for (int o = 0; o < indices.length; o++) {
        final List<Integer> covered =
            PoolReferences.covered(window, image, o / columns % pooled.dim(2), o % columns);
        indices[o] = covered.get(random.nextInt(covered.size()));
      }
      return indices;
    }
  }

  /**
   * Points, whole images, overlapping and gapped windows, rests, padding on one side, dilation;
   * lines of a vector of windows, one more and one less, at strides of 1, 2 and 3; many planes;
   * pairs of all widths up to some vectors, in rows of odd and even number.
   */
  private static List<Case> cases() {
    final List<Case> cases = new ArrayList<>(special());
    for (int width = 2; width < 36; width++) {
      final int height = 2 + width * 5 % 11;
      cases.add(new Case(1, Shape.batched(2, height, width), Window.square(2, 2, 0, 1)));
      final Window tall = new Window(new WindowAxis(2, 3, 0, 1, 1 + width % 2), axis(2));
      cases.add(new Case(1, Shape.batched(2, height + 2, width), tall));
    }
    return cases;
  }

  private static List<Case> special() {
    return List.of(
        new Case(1, Shape.batched(1, 1, 1), Window.square(1, 1, 0, 1)),
        new Case(3, Shape.batched(2, 4, 6), Window.square(2, 2, 0, 1)),
        new Case(2, Shape.batched(3, 5, 5), Window.square(2, 2, 0, 1)),
        new Case(2, Shape.batched(3, 5, 7), Window.square(3, 2, 1, 1)),
        new Case(2, Shape.batched(2, 4, 5), Window.square(2, 1, 0, 1)),
        new Case(2, Shape.batched(2, 3, 4), Window.square(3, 1, 1, 1)),
        new Case(2, Shape.batched(2, 7, 8), Window.square(2, 3, 0, 1)),
        new Case(2, Shape.batched(2, 7, 9), Window.square(2, 1, 1, 2)),
        new Case(
            2,
            Shape.batched(2, 6, 5),
            new Window(new WindowAxis(3, 2, 0, 1, 1), new WindowAxis(2, 1, 1, 0, 3))),
        new Case(
            3, Shape.batched(3, 1, 9), new Window(WindowAxis.POINT, new WindowAxis(3, 2, 1, 1, 1))),
        new Case(2, Shape.batched(5, 4, 3), new Window(axis(4), axis(3))),
        new Case(2, Shape.batched(2, 3, 15), Window.square(2, 2, 0, 1)),
        new Case(2, Shape.batched(2, 4, 16), Window.square(2, 2, 0, 1)),
        new Case(2, Shape.batched(2, 4, 17), Window.square(2, 2, 0, 1)),
        new Case(2, Shape.batched(2, 5, 33), Window.square(3, 2, 1, 1)),
        new Case(2, Shape.batched(2, 5, 37), Window.square(2, 2, 1, 2)),
        new Case(2, Shape.batched(2, 4, 17), Window.square(2, 1, 0, 1)),
        new Case(2, Shape.batched(2, 4, 31), Window.square(3, 1, 1, 1)),
        new Case(2, Shape.batched(2, 6, 50), Window.square(2, 3, 0, 1)),
        new Case(2, Shape.batched(2, 13, 20), Window.square(3, 3, 1, 1)),
        new Case(2, Shape.batched(2, 9, 67), Window.square(1, 2, 0, 1)),
        new Case(2, Shape.batched(2, 40, 1), new Window(axis(2), WindowAxis.POINT)),
        new Case(7, Shape.batched(33, 26, 26), Window.square(2, 2, 0, 1)));
  }

  private static WindowAxis axis(final int size) {
    return new WindowAxis(size, size, 0, 0, 1);
  }

  private static OpRow maxPool() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : cases()) {
      final Op op = new MaxPool2d(c.window);
      samples.add(new Sample(op, c.capacity, List.of(c.input()), List.of(Draw.normal())));
      // Few different numbers: of equal ones the first counts.
      final Draw few = Draw.each(x -> Math.rint(2 * x));
      if (c.image.elements(1) > 1000) {
        samples.add(new Sample(op, c.capacity, List.of(c.input()), List.of(few)));
      }
    }
    final Op two = new MaxPool2d(Window.square(2, 2, 0, 1));
    return new OpRow(MaxPool2d.class, PoolReferences::maxPool)
        .samples(samples)
        .differentiable(0)
        .refuses(
            "number of inputs of max_pool2d mismatch: expected=1, actual=2",
            two,
            batched(1, 4, 4),
            batched(1, 4, 4))
        .refuses(
            "shape of input of max_pool2d mismatch: expected=[N,channels,height,width],"
                + " actual=[N,16]",
            two,
            batched(16))
        .refuses(
            "images of max_pool2d out of range: expected=large enough for the window 2x2 stride 2,"
                + " actual=[N,3,1,4]",
            two,
            batched(3, 1, 4))
        .refuses(
            "window of max_pool2d over [N,3,4,4] mismatch: expected=an element in every window,"
                + " actual=2x2 stride 2 padding 2,2, padding alone",
            new MaxPool2d(Window.square(2, 2, 2, 1)),
            batched(3, 4, 4))
        .refuses(
            "element type of input of max_pool2d mismatch: expected=FLOAT32, actual=INT32",
            two,
            labels(3, 4, 4));
  }

  private static OpRow maxPoolGradient() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : cases()) {
      final int height = c.image.dim(2);
      final int width = c.image.dim(3);
      samples.add(
          new Sample(
              new MaxPool2dGradient(c.window, height, width),
              c.capacity,
              List.of(TensorType.int32(c.pooled()), TensorType.float32(c.pooled())),
              List.of(c::inWindows, Draw.normal())));
      final TensorType pooled = TensorType.float32(c.pooled());
      samples.add(
          new Sample(
              new MaxPool2dGradient(c.window, height, width, Activations.RELU),
              c.capacity,
              List.of(TensorType.int32(c.pooled()), pooled, pooled),
              List.of(c::inWindows, Draw.normal(), Draw.normal())));
    }
    final Window two = Window.square(2, 2, 0, 1);
    return new OpRow(MaxPool2dGradient.class, PoolReferences::maxPoolGradient)
        .samples(samples)
        .refuses(
            "indices of max_pool2d_gradient mismatch: expected=i32[N,3,2,2], actual=i32[N,3,2,1]",
            new MaxPool2dGradient(two, 4, 4),
            labels(3, 2, 1),
            batched(3, 2, 2))
        .refuses(
            "shape of output gradient of max_pool2d_gradient mismatch: expected=[N,3,2,2],"
                + " actual=[N,3,2,3]",
            new MaxPool2dGradient(two, 4, 4),
            labels(3, 2, 3),
            batched(3, 2, 3))
        .refuses(
            "number of inputs of max_pool2d_gradient*relu' mismatch: expected=3, actual=2",
            new MaxPool2dGradient(two, 4, 4, Activations.RELU),
            labels(3, 2, 2),
            batched(3, 2, 2));
  }

  private static OpRow avgPool() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : cases()) {
      for (final boolean countIncludePad : new boolean[] {true, false}) {
        samples.add(
            new Sample(
                new AvgPool2d(c.window, countIncludePad),
                c.capacity,
                List.of(c.input()),
                List.of(Draw.normal())));
      }
    }
    return new OpRow(AvgPool2d.class, PoolReferences::avgPool)
        .samples(samples)
        .differentiable(0)
        .refuses(
            "images of avg_pool2d out of range: expected=large enough for the window 2x2 stride 2,"
                + " actual=[N,3,1,4]",
            new AvgPool2d(Window.square(2, 2, 0, 1), true),
            batched(3, 1, 4));
  }

  private static OpRow avgPoolGradient() {
    final List<Sample> samples = new ArrayList<>();
    for (final Case c : cases()) {
      for (final boolean countIncludePad : new boolean[] {true, false}) {
        samples.add(
            new Sample(
                new AvgPool2dGradient(c.window, countIncludePad, c.image.dim(2), c.image.dim(3)),
                c.capacity,
                List.of(TensorType.float32(c.pooled())),
                List.of(Draw.normal())));
      }
    }
    return new OpRow(AvgPool2dGradient.class, PoolReferences::avgPoolGradient)
        .samples(samples)
        .differentiable(0)
        .refuses(
            "shape of output gradient of avg_pool2d_gradient mismatch: expected=[N,3,2,2],"
                + " actual=[N,3,2,3]",
            new AvgPool2dGradient(Window.square(2, 2, 0, 1), true, 4, 4),
            batched(3, 2, 3));
  }

  private static final List<Shape> IMAGES =
      List.of(
          Shape.batched(1, 1),
          Shape.batched(3, 7),
          Shape.batched(1, 1, 1),
          Shape.batched(2, 3, 5),
          Shape.batched(5, 4, 4),
          Shape.batched(3, 17),
          Shape.batched(1, 16),
          Shape.batched(9, 1, 31),
          Shape.batched(2, 2, 2, 2),
          Shape.batched(67, 31, 33),
          Shape.of(2, 3, 4, 5));

  private static OpRow planeMean() {
    final List<Sample> samples = new ArrayList<>();
    for (final Shape shape : IMAGES) {
      samples.add(
          new Sample(
              new PlaneMean(),
              shape.isBatched() ? 5 : 1,
              List.of(TensorType.float32(shape)),
              List.of(Draw.normal())));
    }
    return new OpRow(PlaneMean.class, PoolReferences::planeMean)
        .samples(samples)
        .differentiable(0)
        .refuses(
            "rank of input of global_avg_pool mismatch: expected=3 or more, actual=[N,3]",
            new PlaneMean(),
            batched(3));
  }

  private static OpRow planeMeanGradient() {
    final List<Sample> samples = new ArrayList<>();
    for (final Shape shape : IMAGES) {
      final Shape channels =
          shape.isBatched() ? Shape.batched(shape.dim(1)) : Shape.of(shape.dim(0), shape.dim(1));
      samples.add(
          new Sample(
              new PlaneMeanGradient(shape),
              shape.isBatched() ? 5 : 1,
              List.of(TensorType.float32(channels)),
              List.of(Draw.normal())));
    }
    return new OpRow(PlaneMeanGradient.class, PoolReferences::planeMeanGradient)
        .samples(samples)
        .differentiable(0)
        .refuses(
            "output gradient of global_avg_pool_gradient mismatch: expected=f32[N,3],"
                + " actual=f32[N,4]",
            new PlaneMeanGradient(Shape.batched(3, 2, 2)),
            batched(4));
  }
}
