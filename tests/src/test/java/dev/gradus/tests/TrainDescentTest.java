package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of what is done to gradients, in groups and in turns; and what is refused. */
final class TrainDescentTest extends TrainStepCase {
  static List<Descent> descents() {
    final Descent adam = Descent.of(new Adam(0.01));
    return List.of(
        Descent.of(new Sgd(0.1)).withL1(0.01),
        adam.withClipValue(0.002),
        Descent.of(new Momentum(0.05)).withClipNorm(0.05),
        adam.withClipNorm(1e6),
        adam.withAccumulation(2),
        adam.withWeightClip(0.05).withAverage(0.5).withAccumulation(2),
        Descent.of(new Sgd(0.1)).withAccumulation(5),
        adam.withAverage(0.7),
        adam.withGroup("*.bias", new Sgd(0.3)).withGroup("1.*", new Momentum(0.02)),
        adam.withFrozen("1.weight").withL1(0.1),
        Descent.of(new Momentum(0.05))
            .withGroup("0.*", new Adam(0.02))
            .withL1(0.003)
            .withClipValue(0.05)
            .withClipNorm(0.1)
            .withAccumulation(2)
            .withAverage(0.9));
  }

  @ParameterizedTest
  @MethodSource("descents")
  void shouldDescendAsInDoublePrecision(final Descent descent) {
    final Network network = Network.mlp(Activations.TANH, 9, 17, 8, 5);
    assertTrainsAlike(network, Losses.softmaxCrossEntropy(), descent, 33);
  }

  @Test
  void shouldRefuseDescentsThatDoNotFit() {
    final Network network = Network.mlp(Activations.TANH, 9, 5);
    final Descent descent = Descent.of(new Sgd(0.1));
    assertRefused(
        "parameters of group 2.* mismatch: expected=one or more of [0.weight, 0.bias], actual=none",
        () -> compile(network, descent.withGroup("2.*", new Sgd(0.2))));
    assertRefused(
        "parameters to train mismatch: expected=one or more, actual=all are frozen",
        () -> compile(network, descent.withFrozen("*")));
    assertRefused(
        "largest norm of gradients out of range: expected=above 0, actual=0.0",
        () -> descent.withClipNorm(0));
    assertRefused(
        "largest value of gradients out of range: expected=above 0, actual=NaN",
        () -> descent.withClipValue(Double.NaN));
    assertRefused(
        "largest value of weights out of range: expected=above 0, actual=0.0",
        () -> descent.withWeightClip(0));
    assertRefused(
        "accumulated batches out of range: expected=1 or more, actual=0",
        () -> descent.withAccumulation(0));
    assertRefused(
        "decay of average out of range: expected=0 or more, below 1, actual=1.0",
        () -> descent.withAverage(1));
    assertRefused(
        "strength of l1 out of range: expected=a finite float32 of 0 or more, actual=-1.0",
        () -> descent.withL1(-1));
    final Engine engine = ENGINES.get(0);
    try (Parameters parameters = Parameters.initialise(engine, network, 1);
        Parameters target = Parameters.zeros(engine, network);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                Losses.meanSquaredError(),
                descent,
                new PlanOptions(2))) {
      assertRefused(
          "averages of plan mismatch: expected=a descent with an average, actual=one without",
          () -> plan.copyAverages(target));
    }
  }

  private static void compile(final Network network, final Descent descent) {
    TrainPlan.dryRun(
        ENGINES.get(0), network, Losses.meanSquaredError(), descent, new PlanOptions(2));
  }

  private static void assertRefused(final String message, final Executable action) {
    assertEquals(message, assertThrows(GradusException.class, action).getMessage());
  }
}
