package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.loss.Losses;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.optim.AdamW;
import dev.gradus.optim.Descent;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A transformer encoder composed of layers, on a task that order alone decides. */
final class TransformerTest {
  private static final int ROWS = 64;
  private static final int STEPS = 8;
  private static final int TOKENS = 4;
  private static final int TRAINING = 600;

  private static final Network NETWORK =
      Network.parse(
          "input(int,8) embedding(4,16) positions()"
              + " residual(layer_norm() attention(4))"
              + " residual(layer_norm() dense(32,gelu) dense(16))"
              + " layer_norm() flatten() dense(2)");

  /** Tokens at random; the class is whether the first and the last are the same. */
  private static int[] draw(final Random random, final Tensor input) {
    final int[] labels = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      for (int step = 0; step < STEPS; step++) {
        input.setInt((long) row * STEPS + step, random.nextInt(TOKENS));
      }
      if (random.nextBoolean()) {
        input.setInt((long) row * STEPS + STEPS - 1, input.getInt((long) row * STEPS));
      }
      final long first = (long) row * STEPS;
      labels[row] = input.getInt(first) == input.getInt(first + STEPS - 1) ? 1 : 0;
    }
    return labels;
  }

  @Test
  void shouldLearnWhetherTheFirstTokenComesAgain() {
    final PlanOptions options = new PlanOptions(ROWS);
    final Descent descent = Descent.of(new AdamW(0.005)).withClipNorm(1);
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, NETWORK, 3);
        TrainPlan train =
            TrainPlan.compile(
                engine, NETWORK, parameters, Losses.softmaxCrossEntropy(), descent, options);
        PredictPlan predict = PredictPlan.compile(engine, NETWORK, parameters, options)) {
      final Random random = new Random(7);
      for (int step = 0; step < TRAINING; step++) {
        train.target().copyFrom(draw(random, train.input()));
        train.step(ROWS);
      }
      assertEquals(TRAINING, train.steps());
      final int[] labels = draw(random, predict.input());
      predict.run(ROWS);
      int right = 0;
      for (int row = 0; row < ROWS; row++) {
        final boolean same = predict.output().get(2L * row + 1) > predict.output().get(2L * row);
        right += (same ? 1 : 0) == labels[row] ? 1 : 0;
      }
      assertTrue(right > 0.9 * ROWS, right + " of " + ROWS + " right");
    }
  }
}
