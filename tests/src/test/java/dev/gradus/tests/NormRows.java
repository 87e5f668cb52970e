package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.CountRun;
import dev.gradus.graph.op.Dropout;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Rows of {@link OpTable} for what layers with modes are composed of. */
final class NormRows {
  private static final double LOW = 0x1p24;

  private NormRows() {}

  static List<OpRow> rows() {
    return List.of(countRun(), dropout());
  }

  private static OpRow countRun() {
    final List<Sample> samples = new ArrayList<>();
    for (final double low : new double[] {0, 1, 2, 1000, LOW - 2, LOW - 1}) {
      for (final double high : new double[] {0, 1, 77}) {
        samples.add(
            new Sample(
                new CountRun(),
                1,
                List.of(fixed(2)),
                List.of((random, shape) -> new double[] {low, high})));
      }
    }
    return new OpRow(CountRun.class, NormRows::countRun)
        .samples(samples)
        .refuses("number of inputs of count_run mismatch: expected=1, actual=0", new CountRun())
        .refuses(
            "input of count_run mismatch: expected=f32[2], actual=f32[1]",
            new CountRun(),
            fixed(1));
  }

  private static OpRow dropout() {
    final Shape[] shapes = {
      Shape.batched(1),
      Shape.batched(7),
      Shape.batched(16),
      Shape.batched(31),
      Shape.batched(32),
      Shape.batched(33),
      Shape.batched(3, 5),
      Shape.batched(67),
      Shape.batched(2, 3, 11),
      Shape.of(5, 12),
      Shape.batched(5003)
    };
    final int[] capacities = {1, 5, 7, 3, 2, 5, 13, 31, 4, 1, 7};
    final List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < shapes.length; i++) {
      final long seed = i * 0x123456789abcdefL;
      final Draw count = (random, shape) -> new double[] {random.nextInt(1 << 24), 3};
      samples.add(
          new Sample(
              new Dropout(1, (i + 1) / 12.0, seed, i),
              capacities[i],
              List.of(TensorType.float32(shapes[i]), fixed(2)),
              List.of(Draw.normal(), count)));
      samples.add(
          new Sample(
              new Dropout(shapes[i].last(), 0.5, seed, 65_534 - i),
              capacities[i],
              List.of(TensorType.float32(shapes[i]), fixed(2)),
              List.of(Draw.normal(), count)));
    }
    final Op op = new Dropout(2, 0.5, 1, 1);
    return new OpRow(Dropout.class, DropoutReference::dropout)
        .samples(samples)
        .differentiable(0)
        .refuses("number of inputs of dropout mismatch: expected=2, actual=0", op)
        .refuses(
            "count of dropout mismatch: expected=f32[2], actual=f32[3]", op, batched(4), fixed(3))
        .refuses(
            "repeat of dropout mismatch: expected=a divisor of 3, actual=2",
            op,
            batched(3),
            fixed(2));
  }

  private static List<RealTensor> countRun(final Op op, final List<RealTensor> inputs) {
    final boolean full = inputs.get(0).at(0) == LOW - 1;
    final double low = full ? 0 : inputs.get(0).at(0) + 1;
    return List.of(RealTensor.of(Shape.of(2), low, inputs.get(0).at(1) + (full ? 1 : 0)));
  }
}
