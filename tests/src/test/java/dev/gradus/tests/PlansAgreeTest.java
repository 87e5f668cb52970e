package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A training step, a prediction and an evaluation of the same weights agree to the bit. */
final class PlansAgreeTest extends TrainStepCase {
  @Test
  void shouldPredictAndEvaluateAsTraining() {
    final Network network = Network.mlp(Activations.RELU, 9, 17, 5);
    final Loss loss = Losses.softmaxCrossEntropy();
    for (final Engine engine : ENGINES) {
      final PlanOptions options = new PlanOptions(CAPACITY);
      try (Parameters parameters = Parameters.initialise(engine, network, 24);
          TrainPlan train =
              TrainPlan.compile(engine, network, parameters, loss, new Sgd(0.1), options);
          PredictPlan predict = PredictPlan.compile(engine, network, parameters, options);
          EvaluatePlan evaluate =
              EvaluatePlan.compile(engine, network, parameters, loss, options)) {
        final Random random = new Random(24);
        for (final int rows : ROWS) {
          final double[] x = Draw.normal().from(random, Shape.of(rows, 9));
          final double[] labels = Draw.labels(5).from(random, Shape.of(rows));
          for (final Tensor input : List.of(train.input(), predict.input(), evaluate.input())) {
            write(input, x);
          }
          write(train.target(), labels);
          write(evaluate.target(), labels);
          predict.run(rows);
          final float evaluated = evaluate.run(rows);
          assertEquals(train.step(rows), evaluated, 0f, "loss");
          for (int i = 0; i < rows * 5; i++) {
            assertEquals(train.output().get(i), predict.output().get(i), 0f, "prediction " + i);
            assertEquals(train.output().get(i), evaluate.output().get(i), 0f, "output " + i);
          }
        }
      }
    }
  }
}
