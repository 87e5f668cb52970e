package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Dataset;
import dev.gradus.loss.Losses;
import dev.gradus.nn.Network;
import dev.gradus.plan.Parameters;
import dev.gradus.train.Diagnose;
import dev.gradus.train.Finding;
import dev.gradus.train.Finding.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Faults planted in targets and inputs are found by the check they are for. */
final class DiagnoseDataTest extends DiagnoseCase {
  @Test
  void shouldTellTheLossOfTheory() {
    try (Dataset data = blobs();
        Parameters zeros = Parameters.zeros(engine, MLP)) {
      final Map<String, Finding> findings = diagnose(MLP, zeros, data);
      assertFound(
          findings,
          "start loss",
          Verdict.OK,
          "1.386, where even guesses of 4 classes, ln 4, would give 1.386");
    }
  }

  @Test
  void shouldFindAnOutputThatIsSureAtTheStart() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      parameters.tensor("2.bias").set(0, 4);
      assertFound(
          diagnose(MLP, parameters, data), "start loss", Verdict.SUSPICIOUS, "last layer's bias");
      parameters.tensor("2.bias").set(0, 30);
      assertFound(
          diagnose(MLP, parameters, data), "start loss", Verdict.FAILED, "last layer's bias");
    }
  }

  @Test
  void shouldFindTargetsThatAreNotStandardised() {
    try (Dataset data = numbers(100)) {
      assertFound(
          diagnose(
              Network.parse("input(16) dense(32,relu) dense(1)"), Losses.meanSquaredError(), data),
          "start loss",
          Verdict.FAILED,
          "standardise the targets");
    }
  }

  @Test
  void shouldFindTargetsInTheInput() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      for (int row = 0; row < ROWS; row++) {
        for (int f = 0; f < CLASSES; f++) {
          data.features().set((long) row * FEATURES + f, f == row % CLASSES ? 1 : 0);
        }
      }
      for (int layer = 0; layer < 3; layer++) {
        fill(parameters.tensor(layer + ".weight"), 0);
        for (int f = 0; f < CLASSES; f++) {
          parameters.tensor(layer + ".weight").set((long) f * (layer == 2 ? 4 : 32) + f, 2);
        }
      }
      assertFound(
          diagnose(MLP, parameters, data), "start loss", Verdict.SUSPICIOUS, "in the input?");
    }
  }

  @Test
  void shouldFindLabelsThatDoNotFollowFromTheInput() {
    try (Dataset data = blobs()) {
      shuffleLabels(data);
      final Map<String, Finding> findings = diagnose(MLP, CROSS_ENTROPY, data);
      assertFound(findings, "input", Verdict.SUSPICIOUS, "learned by heart");
      assertEquals(Verdict.OK, findings.get("overfitting").verdict());
    }
  }

  @Test
  void shouldFindAnInputThatIsCutOff() {
    final Network network = Network.parse("input(16) frozen(dense(8)) dense(16,tanh) dense(4)");
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      fill(parameters.tensor("0.weight"), 0);
      final Map<String, Finding> findings = diagnose(network, parameters, data);
      assertFound(findings, "input", Verdict.FAILED, "does not follow from the input");
      assertFound(findings, "overfitting", Verdict.FAILED, "not near 0");
    }
  }

  @Test
  void shouldFindANetworkThatIsTooSmall() {
    final Network network = Network.parse("input(16) dense(1) dense(4)");
    try (Dataset data = blobs()) {
      shuffleLabels(data);
      assertFound(
          diagnose(network, CROSS_ENTROPY, data),
          "overfitting",
          Verdict.SUSPICIOUS,
          "small or learns slowly");
    }
  }

  @Test
  void shouldStopAtALossThatIsNoNumber() {
    try (Dataset data = blobs()) {
      data.features().set(7, Float.NaN);
      final List<Finding> findings = Diagnose.run(engine, MLP, CROSS_ENTROPY, data, 1);
      assertEquals(1, findings.size());
      assertEquals(Verdict.FAILED, findings.get(0).verdict());
      assertTrue(findings.get(0).words().contains("NaN before any training"), findings.toString());
    }
  }
}
