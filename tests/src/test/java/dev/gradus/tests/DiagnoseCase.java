package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Dataset;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.train.Diagnose;
import dev.gradus.train.Finding;
import dev.gradus.train.Finding.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** Data and checks of those tests that plant a fault and let {@link Diagnose} look for it. */
abstract class DiagnoseCase {
  static final int ROWS = 240;
  static final int FEATURES = 16;
  static final int CLASSES = 4;
  static final Loss CROSS_ENTROPY = Losses.softmaxCrossEntropy();
  static final Network MLP = Network.parse("input(16) dense(32,relu) dense(32,relu) dense(4)");
  static final Network RESIDUAL =
      Network.parse("input(16) dense(32,relu) residual(dense(32,relu) dense(32)) dense(4)");

  final Engine engine = Engine.open(new EngineOptions(1, "java"));

  @AfterEach
  void closeEngine() {
    assertEquals(0, engine.account().openBytes());
    engine.close();
  }

  /** Rows around one centre for each class. */
  final Dataset blobs() {
    final Dataset data = Dataset.classification(engine.account(), Shape.batched(FEATURES), ROWS);
    final Random random = new Random(5);
    final float[] centres = new float[CLASSES * FEATURES];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = (float) random.nextGaussian();
    }
    for (int row = 0; row < ROWS; row++) {
      final int label = row % CLASSES;
      data.targets().setInt(row, label);
      for (int f = 0; f < FEATURES; f++) {
        final float noise = (float) random.nextGaussian() / 2;
        data.features().set((long) row * FEATURES + f, centres[label * FEATURES + f] + noise);
      }
    }
    return data;
  }

  static void shuffleLabels(final Dataset data) {
    final Random random = new Random(9);
    for (int row = 0; row < ROWS; row++) {
      data.targets().setInt(row, random.nextInt(CLASSES));
    }
  }

  /** A weighted sum of features, of a deviation of 1, and a shift. */
  final Dataset numbers(final float shift) {
    final Dataset data =
        Dataset.open(
            engine.account(),
            TensorType.float32(Shape.batched(FEATURES)),
            TensorType.float32(Shape.batched(1)),
            ROWS);
    final Random random = new Random(6);
    for (int row = 0; row < ROWS; row++) {
      float sum = 0;
      for (int f = 0; f < FEATURES; f++) {
        final float x = (float) random.nextGaussian();
        data.features().set((long) row * FEATURES + f, x);
        sum += f % 2 == 0 ? x : -x;
      }
      data.targets().set(row, sum / 4 + shift);
    }
    return data;
  }

  final Map<String, Finding> diagnose(final Network network, final Loss loss, final Dataset data) {
    return byCheck(Diagnose.run(engine, network, loss, data, 1));
  }

  final Map<String, Finding> diagnose(
      final Network network, final Parameters parameters, final Dataset data) {
    final String before = parameters.sha256();
    final Map<String, Finding> findings =
        byCheck(Diagnose.run(engine, network, parameters, CROSS_ENTROPY, data, 1));
    assertEquals(before, parameters.sha256());
    return findings;
  }

  private static Map<String, Finding> byCheck(final List<Finding> findings) {
    final Map<String, Finding> byCheck = new LinkedHashMap<>();
    findings.forEach(finding -> byCheck.put(finding.check(), finding));
    return byCheck;
  }

  static void assertAllFine(final Map<String, Finding> findings) {
    assertEquals(
        List.of("start loss", "input", "overfitting", "gradients", "dead units", "scale"),
        List.copyOf(findings.keySet()));
    for (final Finding finding : findings.values()) {
      assertEquals(Verdict.OK, finding.verdict(), finding.toString());
    }
  }

  static void assertFound(
      final Map<String, Finding> findings,
      final String check,
      final Verdict verdict,
      final String part) {
    final Finding finding = findings.get(check);
    assertEquals(verdict, finding.verdict(), finding.toString());
    assertTrue(finding.words().contains(part), finding.toString());
  }

  static void fill(final Tensor tensor, final float value) {
    for (long i = 0; i < tensor.elements(); i++) {
      tensor.set(i, value);
    }
  }

  static void scale(final Tensor tensor, final float factor) {
    for (long i = 0; i < tensor.elements(); i++) {
      tensor.set(i, tensor.get(i) * factor);
    }
  }
}
