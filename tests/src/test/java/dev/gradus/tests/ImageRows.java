package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.op.Reshape;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Rows of the table for ops of images: tensors (N, channels, height, width). */
final class ImageRows {
  private ImageRows() {}

  static List<OpRow> rows() {
    return List.of(reshape());
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
