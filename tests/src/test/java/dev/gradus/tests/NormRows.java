package dev.gradus.tests;

import static dev.gradus.tests.Samples.fixed;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.CountRun;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of {@link OpTable} for what layers with modes are composed of. */
final class NormRows {
  private static final double LOW = 0x1p24;

  private NormRows() {}

  static List<OpRow> rows() {
    return List.of(countRun());
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

  private static List<RealTensor> countRun(final Op op, final List<RealTensor> inputs) {
    final boolean full = inputs.get(0).at(0) == LOW - 1;
    final double low = full ? 0 : inputs.get(0).at(0) + 1;
    return List.of(RealTensor.of(Shape.of(2), low, inputs.get(0).at(1) + (full ? 1 : 0)));
  }
}
