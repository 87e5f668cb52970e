package dev.gradus.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.data.Dataset;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  private final MemoryAccount account = new MemoryAccount();

  private Dataset rows(final int classes, final float[] scores, final int... labels) {
    final Dataset data = Dataset.classification(account, Shape.batched(classes), labels.length);
    data.features().copyFrom(scores);
    data.targets().copyFrom(labels);
    return data;
  }

  @Test
  void shouldScoreClassesAsCountedByHand() {
    final float[] scores = {
      0.5f, 0.25f, 0.25f, // right
      0.25f, 0.5f, 0.25f, // 0 taken for 1, in the top two
      0.125f, 0.75f, 0.125f, // right
      0.5f, 0.25f, 0.25f // 2 taken for 0, not in the top two: of equal ones the first wins
    };
    try (Dataset data = rows(3, scores, 0, 0, 1, 2)) {
      final ClassMetrics metrics = new ClassMetrics(3, 2, false, 0);
      metrics.add(data.features(), data.targets(), 1);
      assertEquals(1, metrics.accuracy());
      final ClassMetrics all = new ClassMetrics(3, 2, false, 0);
      all.add(data.features(), data.targets(), 4);
      assertEquals(4, all.rows());
      assertEquals(0.5, all.accuracy());
      assertEquals(0.75, all.topAccuracy());
      assertEquals(1, all.confusion(0, 1));
      assertEquals(1, all.confusion(2, 0));
      assertEquals(0.5, all.precision(0));
      assertEquals(0.5, all.recall(0));
      assertEquals(0.5, all.precision(1));
      assertEquals(1, all.recall(1));
      assertEquals(0, all.f1(2), "never predicted");
      assertEquals((0.5 + 2.0 / 3) / 3, all.macroF1(), 1e-15);
      assertEquals((Math.log(2) + 2 * Math.log(4) - Math.log(0.75)) / 4, all.logLoss(), 1e-15);
      assertEquals((Math.abs(1 - 1.5) + 0.25) / 4, all.calibrationError(), 1e-15);
      assertEquals(Double.NaN, all.auc());
    }
  }

  @Test
  void shouldTakeLogits() {
    try (Dataset data = rows(2, new float[] {0, 2, 700, 0}, 1, 1)) {
      final ClassMetrics metrics = new ClassMetrics(2, 1, true, 2);
      metrics.add(data.features(), data.targets(), 2);
      final double first = Math.log1p(Math.exp(-2));
      assertEquals((first + 52 * Math.log(2)) / 2, metrics.logLoss(), 1e-12);
    }
  }

  /** The example of scikit-learn's roc_auc_score, 0.75, and one with ties. */
  @Test
  void shouldFindTheAreaUnderTheCurve() {
    final float[] scores = {0.9f, 0.1f, 0.6f, 0.4f, 0.65f, 0.35f, 0.2f, 0.8f};
    try (Dataset data = rows(2, scores, 0, 0, 1, 1);
        Dataset tied = rows(2, new float[] {.5f, .5f, .5f, .5f, .25f, .75f, 1, 0}, 0, 1, 1, 0)) {
      final ClassMetrics metrics = new ClassMetrics(2, 1, false, 4);
      metrics.add(data.features(), data.targets(), 4);
      assertEquals(0.75, metrics.auc());
      final String full =
          assertThrows(GradusException.class, () -> metrics.add(data.features(), data.targets(), 1))
              .getMessage();
      assertEquals(
          "rows of metrics of two classes out of range: expected=at most 4, actual=5", full);
      final ClassMetrics ties = new ClassMetrics(2, 1, false, 4);
      ties.add(tied.features(), tied.targets(), 4);
      assertEquals(3.5 / 4, ties.auc());
    }
  }

  /** The example of scikit-learn's r2_score, 0.9486. */
  @Test
  void shouldScoreNumbers() {
    final TensorType column = TensorType.float32(Shape.batched(1));
    try (Dataset data = Dataset.open(account, column, column, 4)) {
      data.features().copyFrom(new float[] {2.5f, 0, 2, 8});
      data.targets().copyFrom(new float[] {3, -0.5f, 2, 7});
      final NumberMetrics metrics = new NumberMetrics();
      metrics.add(data.features(), data.targets(), 4);
      assertEquals(4, metrics.count());
      assertEquals(0.5, metrics.meanAbsoluteError());
      assertEquals(Math.sqrt(0.375), metrics.rootMeanSquaredError());
      assertEquals(0.9486081370449679, metrics.r2(), 1e-14);
    }
  }
}
