package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Differentiate;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GraphPlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Optimizers and losses against numbers from outside the project: worked out in Python's doubles
 * from the formulas in PyTorch's documentation of {@code torch.optim.SGD} and {@code
 * torch.optim.Adam} (weight decay added to the gradient, dampening 0, epsilon outside the root),
 * and of {@code CrossEntropyLoss} and {@code MSELoss} with mean reduction.
 */
final class GoldenValuesTest {
  /** Three steps of float32 arithmetic near 1: some ten roundings. */
  private static final float TOLERANCE = 1e-6f;

  /** Weight and bias after each of three steps. */
  static Stream<Arguments> optimizers() {
    return Stream.of(
        golden(new Sgd(0.05), 0.45, 0.225, 0.425, 0.2125, 0.4125, 0.20625),
        golden(
            new Sgd(0.05, 0.5),
            0.4375,
            0.21875,
            0.4078125,
            0.20390625,
            0.3937109375,
            0.19685546875),
        golden(new Momentum(0.05), 0.45, 0.225, 0.38, 0.19, 0.327, 0.1635),
        golden(
            new Momentum(0.05, 0.9, false, 0.5),
            0.4375,
            0.21875,
            0.3515625,
            0.17578125,
            0.2896484375,
            0.14482421875),
        golden(
            new Momentum(0.05, 0.9, true, 0),
            0.405,
            0.2025,
            0.35975,
            0.179875,
            0.3595125,
            0.17975625),
        golden(
            new Momentum(0.05, 0.8, true, 0.5),
            0.3875,
            0.19375,
            0.3413125,
            0.17065625,
            0.3445721875,
            0.17228609375),
        golden(
            new Adam(0.1),
            0.400000001,
            0.150000002,
            0.348897392665,
            0.0988973943739,
            0.35787659839,
            0.10787659998),
        golden(
            new Adam(0.1, 0.9, 0.999, 1e-8, 0.5),
            0.4000000008,
            0.1500000016,
            0.332994175358,
            0.0860234254286,
            0.325011998841,
            0.0834752860796),
        golden(
            new Adam(0.1, 0.8, 0.9, 1e-2, 0),
            0.40099009901,
            0.151960784314,
            0.35288316187,
            0.104520974768,
            0.367770191285,
            0.119207627153));
  }

  private static Arguments golden(final Optimizer optimizer, final double... values) {
    return Arguments.of(optimizer, values);
  }

  /**
   * {@code y = w * x + b} on one sample x = 2, target 1, from w = 0.5 and b = 0.25: the gradients
   * are 4 (y - 1) and 2 (y - 1).
   */
  @ParameterizedTest
  @MethodSource("optimizers")
  void shouldMakeStepsAsPublished(final Optimizer optimizer, final double[] golden) {
    for (final KernelMode mode : KernelMode.values()) {
      final Network network = Network.of(Shape.batched(1), new Dense(1));
      try (Engine engine = Engine.open(new EngineOptions(1, "java", mode));
          Parameters parameters = Parameters.zeros(engine, network);
          TrainPlan plan =
              TrainPlan.compile(
                  engine,
                  network,
                  parameters,
                  Losses.meanSquaredError(),
                  optimizer,
                  new PlanOptions(1))) {
        parameters.tensor("0.weight").set(0, 0.5f);
        parameters.tensor("0.bias").set(0, 0.25f);
        plan.input().set(0, 2f);
        plan.target().set(0, 1f);
        for (int step = 0; step < 3; step++) {
          final float loss = plan.step(1);
          if (step == 0) {
            assertEquals(0.0625f, loss, 0f, "the loss before any update");
          }
          final String what = mode + " " + optimizer + " after step " + (step + 1);
          assertEquals(
              golden[2 * step], parameters.tensor("0.weight").get(0), TOLERANCE, "w, " + what);
          assertEquals(
              golden[2 * step + 1], parameters.tensor("0.bias").get(0), TOLERANCE, "b, " + what);
        }
      }
    }
  }

  /**
   * Rows (1, 2, 3), (1, -1, 0), (100, 0, -100) with labels 2, 1, 0 have losses 0.4076, 2.4076 and
   * 0.
   */
  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldComputeCrossEntropyAsPublished(final KernelMode mode) {
    assertLoss(
        mode,
        Losses.softmaxCrossEntropy(),
        3,
        new float[] {1, 2, 3, 1, -1, 0, 100, 0, -100},
        new int[] {2, 1, 0},
        0.9384039762962537,
        0.0300101910568,
        0.0815761570183,
        -0.111586348075,
        0.221746985258,
        -0.303323142277,
        0.0815761570183,
        0,
        0,
        0);
  }

  /** One row and equal logits: log(4), and a quarter each. */
  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldComputeCrossEntropyOfEqualLogits(final KernelMode mode) {
    assertLoss(
        mode,
        Losses.softmaxCrossEntropy(),
        4,
        new float[] {7, 7, 7, 7},
        new int[] {3},
        1.386294361119891,
        0.25,
        0.25,
        0.25,
        -0.75);
  }

  /** (0 + 4 + 9 + 16) / 4. */
  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldComputeMeanSquaredErrorAsPublished(final KernelMode mode) {
    assertLoss(
        mode,
        Losses.meanSquaredError(),
        2,
        new float[] {1, 2, 3, 5},
        new float[] {1, 0, 0, 1},
        7.25,
        0,
        1,
        1.5,
        2);
  }

  private static void assertLoss(
      final KernelMode mode,
      final Loss loss,
      final int columns,
      final float[] prediction,
      final Object target,
      final double expected,
      final double... gradient) {
    final int rows = prediction.length / columns;
    final Graph graph = new Graph();
    final Value input = graph.input("prediction", Samples.batched(columns));
    final Value targetInput = graph.input("target", loss.targetType(input.type()));
    final Value value = loss.build(graph, input, targetInput);
    final Value dInput = Differentiate.gradients(graph, value, List.of(input)).get(input);
    try (Engine engine = Engine.open(new EngineOptions(1, "java", mode));
        GraphPlan plan =
            GraphPlan.compile(
                engine, graph, List.of(input, targetInput), Set.of(value, dInput), true, rows)) {
      plan.tensor(input).copyFrom(prediction);
      if (target instanceof int[] labels) {
        plan.tensor(targetInput).copyFrom(labels);
      } else {
        plan.tensor(targetInput).copyFrom((float[]) target);
      }
      plan.run(rows);
      assertEquals(expected, plan.tensor(value).get(0), TOLERANCE * expected, loss.name());
      for (int i = 0; i < gradient.length; i++) {
        assertEquals(
            gradient[i], plan.tensor(dInput).get(i), TOLERANCE, loss.name() + " gradient " + i);
      }
    }
  }

  /** Adam's first step has the length of the rate, whatever the size of the gradient. */
  @Test
  void shouldStepByRateFirstWithAdam() {
    final Network network = Network.of(Shape.batched(1), new Dense(1));
    for (final float target : new float[] {1e3f, 1f, -1e-2f}) {
      try (Engine engine = Engine.open();
          Parameters parameters = Parameters.zeros(engine, network);
          TrainPlan plan =
              TrainPlan.compile(
                  engine,
                  network,
                  parameters,
                  Losses.meanSquaredError(),
                  new Adam(0.125),
                  new PlanOptions(1))) {
        plan.input().set(0, 1f);
        plan.target().set(0, target);
        plan.step(1);
        assertEquals(Math.copySign(0.125, target), parameters.tensor("0.weight").get(0), 2e-7, "w");
      }
    }
  }
}
