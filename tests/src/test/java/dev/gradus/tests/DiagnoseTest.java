package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Dataset;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.nn.Scope;
import dev.gradus.train.Diagnose;
import dev.gradus.train.Finding;
import dev.gradus.train.Finding.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Healthy networks pass all checks; wrong gradients are found, and what does not fit is refused.
 */
final class DiagnoseTest extends DiagnoseCase {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "input(16) dense(32,relu) dense(32,relu) dense(4)",
        "input(16) dense(32,tanh) dropout(0.2) dense(4)",
        "input(16) dense(32) batch_norm() relu() dense(4)",
        "input(16) dense(16,gelu) residual(dense(16,silu) dropout(0.1)) layer_norm() dense(4)",
        "input(1,4,4) conv2d(8,3,1,1,relu) max_pool2d(2) flatten() dense(4)",
        "input(4,4) lstm(16,last) dense(4)",
        "input(4,4) gru(12) flatten() dense(4)"
      })
  void shouldFindNothingInHealthyNetworks(final String text) {
    try (Dataset data = blobs()) {
      assertAllFine(diagnose(Network.parse(text), CROSS_ENTROPY, data));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mse", "mae", "huber"})
  void shouldFindNothingInHealthyRegression(final String loss) {
    try (Dataset data = numbers(0)) {
      assertAllFine(
          diagnose(Network.parse("input(16) dense(32,relu) dense(1)"), Losses.byName(loss), data));
    }
  }

  /** What becomes a category has no gradient: nothing is said of it, and nothing refused. */
  @Test
  void shouldLookAtBranchesOfCategories() {
    final Network network =
        Network.parse(
            "input(16) concat(columns(0,14) | columns(14,2) categorical(4,8,8) flatten())"
                + " dense(16,relu) dense(4)");
    try (Dataset data = blobs()) {
      for (int row = 0; row < ROWS; row++) {
        data.features().set((long) row * FEATURES + 14, row % 8);
        data.features().set((long) row * FEATURES + 15, row % 7);
      }
      assertAllFine(diagnose(network, CROSS_ENTROPY, data));
    }
  }

  @Test
  void shouldFindAGradientThatIsWrong() {
    final Network network =
        Network.of(
            Shape.batched(FEATURES), new Dense(12, new TanhWithSlopeOfSigmoid()), new Dense(4));
    try (Dataset data = blobs()) {
      final Map<String, Finding> findings = diagnose(network, CROSS_ENTROPY, data);
      assertFound(findings, "gradients", Verdict.FAILED, "0.weight[");
      assertEquals(Verdict.OK, findings.get("start loss").verdict());
    }
  }

  private record TanhWithSlopeOfSigmoid() implements Activation {
    @Override
    public String name() {
      return "wrong";
    }

    @Override
    public UnaryKernel forward(final KernelMode mode) {
      return Activations.TANH.forward(mode);
    }

    @Override
    public BinaryKernel gradient(final KernelMode mode) {
      return Activations.SIGMOID.gradient(mode);
    }
  }

  @Test
  void shouldSayWhereGradientsCannotBeChecked() {
    final Network network = Network.of(Shape.batched(FEATURES), new Noisy(), new Dense(4));
    try (Dataset data = blobs()) {
      assertFound(
          diagnose(network, CROSS_ENTROPY, data),
          "gradients",
          Verdict.SUSPICIOUS,
          "another in each run");
    }
  }

  /** A layer of a user's own with a dropout within. */
  private record Noisy() implements Layer {
    @Override
    public Value define(final Scope scope, final Value input) {
      return new Dropout(0.5).define(scope, input);
    }

    @Override
    public String describe() {
      return "noisy()";
    }
  }

  @Test
  void shouldFindTheSameWithTheSameSeed() {
    final Network network = Network.parse("input(16) dense(12,relu) dropout(0.1) dense(4)");
    try (Dataset data = blobs()) {
      assertEquals(
          Diagnose.run(engine, network, CROSS_ENTROPY, data, 3),
          Diagnose.run(engine, network, CROSS_ENTROPY, data, 3));
    }
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    try (Dataset data = blobs();
        Dataset few = Dataset.classification(engine.account(), Shape.batched(FEATURES), 7)) {
      final Network other = Network.parse("input(15) dense(4)");
      assertRefused(
          "rows of 16", () -> Diagnose.run(engine, other, CROSS_ENTROPY, data, 1), "input");
      assertRefused(
          "expected=8 or more, actual=7",
          () -> Diagnose.run(engine, MLP, CROSS_ENTROPY, few, 1),
          "rows of a sample");
    }
  }

  private static void assertRefused(final String part, final Runnable work, final String what) {
    final GradusException thrown = assertThrows(GradusException.class, work::run);
    assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    assertTrue(thrown.getMessage().contains(what), thrown.getMessage());
  }
}
