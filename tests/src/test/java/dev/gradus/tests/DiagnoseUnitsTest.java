package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.data.Dataset;
import dev.gradus.nn.Network;
import dev.gradus.plan.Parameters;
import dev.gradus.train.Finding;
import dev.gradus.train.Finding.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units that are dead and weights of a wrong scale are found by the check they are for. */
final class DiagnoseUnitsTest extends DiagnoseCase {
  @Test
  void shouldFindUnitsThatAreDead() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      for (int unit = 0; unit < 10; unit++) {
        parameters.tensor("1.bias").set(unit, -100);
      }
      assertFound(
          diagnose(MLP, parameters, data),
          "dead units",
          Verdict.SUSPICIOUS,
          "10 of 32 of layer 1, dense(32,relu)");
      fill(parameters.tensor("0.bias"), -100);
      final Map<String, Finding> findings = diagnose(MLP, parameters, data);
      assertFound(findings, "dead units", Verdict.FAILED, "32 of 32 of layer 0, dense(32,relu)");
      assertFound(findings, "scale", Verdict.FAILED, "vanish");
    }
  }

  @Test
  void shouldFindUnitsThatAreDeadWithinBranches() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, RESIDUAL, 1)) {
      fill(parameters.tensor("1.0.0.bias"), -100);
      assertFound(
          diagnose(RESIDUAL, parameters, data),
          "dead units",
          Verdict.FAILED,
          "for every row: 32 of 32 of layer 1.0.0, dense(32,relu)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "sigmoid"})
  void shouldFindUnitsThatAreSaturated(final String activation) {
    final Network network = Network.parse("input(16) dense(32," + activation + ") dense(4)");
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      scale(parameters.tensor("0.weight"), 1e5f);
      assertFound(diagnose(network, parameters, data), "dead units", Verdict.FAILED, "saturated");
    }
  }

  @Test
  void shouldFindChannelsThatAreDead() {
    final Network network =
        Network.parse("input(1,4,4) conv2d(8,3,1,1,relu) max_pool2d(2) flatten() dense(4)");
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      parameters.tensor("0.bias").set(3, -100);
      parameters.tensor("0.bias").set(5, -100);
      assertFound(
          diagnose(network, parameters, data),
          "dead units",
          Verdict.SUSPICIOUS,
          "2 of 8 of layer 0, conv2d(8,3,1,1,relu)");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-3f, 1e3f})
  void shouldFindWeightsOfAWrongScale(final float factor) {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      for (int layer = 0; layer < 3; layer++) {
        scale(parameters.tensor(layer + ".weight"), factor);
      }
      assertFound(diagnose(MLP, parameters, data), "scale", Verdict.FAILED, "vanish or explode");
    }
  }

  @Test
  void shouldFindWeightsOfAWrongScaleWithinBranches() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, RESIDUAL, 1)) {
      assertEquals(Verdict.OK, diagnose(RESIDUAL, parameters, data).get("scale").verdict());
      scale(parameters.tensor("1.0.1.weight"), 1e-6f);
      final Map<String, Finding> vanishing = diagnose(RESIDUAL, parameters, data);
      assertFound(vanishing, "scale", Verdict.FAILED, " (layer 1.0.0) to ");
      assertFound(vanishing, "scale", Verdict.FAILED, " (layer 1.0.1) to ");
      scale(parameters.tensor("1.0.0.weight"), 1e6f); // and back to its scale behind it
      assertFound(
          diagnose(RESIDUAL, parameters, data), "scale", Verdict.FAILED, "(layer 1.0.0): they");
    }
  }

  @Test
  void shouldFindALayerThatWeakensWhatPasses() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      scale(parameters.tensor("1.weight"), 2e-3f);
      assertFound(
          diagnose(MLP, parameters, data), "scale", Verdict.SUSPICIOUS, "vanish or explode");
    }
  }
}
