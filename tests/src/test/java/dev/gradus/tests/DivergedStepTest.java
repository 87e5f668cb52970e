package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.loss.Losses;
import dev.gradus.nn.Network;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step whose loss is not finite leaves all as it was, whatever layers keep from step to step. */
final class DivergedStepTest {
  private static final int ROWS = 6;

  /** Losses of steps on good batches, and the parameters after them. */
  private record Course(List<Float> losses, String parameters) {}

  private static Course train(final String layers, final int badStep) {
    final Network network = Network.parse("input(4,3) " + layers);
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 1);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                Losses.meanSquaredError(),
                new Sgd(0.1),
                new PlanOptions(ROWS).withSeed(5))) {
      fill(plan);
      final List<Float> losses = new ArrayList<>();
      for (int step = 0; step < 4; step++) {
        if (step == badStep) {
          stepOnNaN(plan);
        }
        losses.add(plan.step(ROWS));
        assertTrue(Float.isFinite(losses.get(step)), layers + " at step " + step);
      }
      return new Course(losses, parameters.sha256());
    }
  }

  private static void fill(final TrainPlan plan) {
    for (long i = 0; i < plan.input().elements(); i++) {
      plan.input().set(i, (float) Math.sin(i + 1.0));
    }
    for (long i = 0; i < plan.target().elements(); i++) {
      plan.target().set(i, (float) Math.cos(0.0 + i));
    }
  }

  private static void stepOnNaN(final TrainPlan plan) {
    plan.input().set(7, Float.NaN);
    assertEquals(Float.NaN, plan.step(ROWS));
    final String source = plan.firstNonFinite(ROWS);
    assertTrue(source.contains("input"), source);
    fill(plan);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flatten() dropout(0.5) dense(2)",
        "flatten() batch_norm() dense(2)",
        "flatten() frozen(batch_norm()) dense(2)",
        "lstm(5,last,stateful) dense(2)"
      })
  void shouldLeaveNothingBehind(final String layers) {
    final Course without = train(layers, -1);
    final Course with = train(layers, 2);
    assertEquals(without.losses, with.losses);
    assertEquals(without.parameters, with.parameters);
    assertNotEquals(with.losses.get(2), with.losses.get(3));
  }
}
