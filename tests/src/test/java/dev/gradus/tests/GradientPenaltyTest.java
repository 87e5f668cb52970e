package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.ColumnSum;
import dev.gradus.graph.op.Reshape;
import dev.gradus.graph.op.RowLoss;
import dev.gradus.graph.op.Scale;
import dev.gradus.kernel.GradientPenalty;
import dev.gradus.loss.Loss;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Differentiate;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of gradients: the penalty that keeps a Wasserstein critic's slope near 1. */
final class GradientPenaltyTest {
  /** {@code (|d score / d input| - 1)^2} of each row; the target is not read. */
  private static final Loss PENALTY =
      new Loss() {
        @Override
        public TensorType targetType(final TensorType prediction) {
          return TensorType.float32(prediction.shape().withoutLast());
        }

        @Override
        public Value rows(final Graph graph, final Value prediction, final Value target) {
          final Value input = graph.values().get(0);
          // The sum over rows has each row's own gradient.
          final Value sum = graph.apply(new ColumnSum(), prediction);
          final Value slope = Differentiate.gradients(graph, sum, List.of(input)).get(input);
          return graph.apply(new RowLoss(new GradientPenalty()), slope, target);
        }
      };

  /** The penalty, and 0 times the score, so that the last bias has a gradient too. */
  private static Loss reachingTheBias() {
    return new Loss() {
      @Override
      public TensorType targetType(final TensorType prediction) {
        return PENALTY.targetType(prediction);
      }

      @Override
      public Value rows(final Graph graph, final Value prediction, final Value target) {
        final Value zero = graph.apply(new Scale(0f), prediction); // reaches the bias
        return graph.apply(
            new Add(),
            PENALTY.rows(graph, prediction, target),
            graph.apply(new Reshape(target.shape()), zero));
      }
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relu",
        "leaky_relu",
        "relu6",
        "hard_sigmoid",
        "linear",
        "tanh",
        "sigmoid",
        "softplus",
        "elu",
        "elu(0.5)",
        "selu",
        "softsign",
        "silu",
        "mish",
        "gelu",
        "gelu_tanh"
      })
  void shouldAgreeWithFiniteDifferences(final String activation) {
    final Network.Definition critic =
        Network.mlp(Activations.byName(activation), 4, 7, 5, 1).define();
    final Graph graph = critic.graph();
    final Value target = graph.input("target", PENALTY.targetType(critic.output().type()));
    final Value loss = PENALTY.build(graph, critic.output(), target);
    final Random random = new Random(11);
    final Map<Value, double[]> point = new HashMap<>();
    for (final Value value : List.of(critic.input(), target)) {
      point.put(value, Draw.normal().from(random, RealTensor.bound(value.type(), 3)));
    }
    // The last layer's bias moves all scores alike, so no slope depends on it.
    final List<Value> all = critic.parameters().stream().map(Parameter::value).toList();
    for (final Value parameter : all) {
      point.put(parameter, Draw.normal().from(random, parameter.shape()));
    }
    final List<Value> weights =
        all.stream().filter(value -> value.name().endsWith("weight")).toList();
    assertEquals(3, weights.size());
    // The constants of GELU's tanh form are floats in its second derivative.
    final double relative = activation.equals("gelu_tanh") ? 1e-5 : 1e-6;
    assertEquals(
        List.of(),
        GradientCheck.mismatches(graph, loss, point, weights, 3, 11, relative),
        activation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax()", "log_softmax()"})
  void shouldAgreeWithFiniteDifferencesThrough(final String layer) {
    final Network.Definition critic =
        Network.parse("input(4) dense(5,tanh) dense(3) " + layer + " dense(1)").define();
    final Graph graph = critic.graph();
    final Value target = graph.input("target", PENALTY.targetType(critic.output().type()));
    final Value loss = PENALTY.build(graph, critic.output(), target);
    final Random random = new Random(13);
    final Map<Value, double[]> point = new HashMap<>();
    for (final Value value : List.of(critic.input(), target)) {
      point.put(value, Draw.normal().from(random, RealTensor.bound(value.type(), 3)));
    }
    for (final Parameter parameter : critic.parameters()) {
      point.put(parameter.value(), Draw.normal().from(random, parameter.value().shape()));
    }
    final List<Value> weights =
        critic.parameters().stream()
            .map(Parameter::value)
            .filter(value -> value.name().endsWith("weight"))
            .toList();
    assertEquals(List.of(), GradientCheck.mismatches(graph, loss, point, weights, 3, 13), layer);
  }

  /** At inputs so large that squares or exponentials overflow, all that is finite stays so. */
  @ParameterizedTest
  @ValueSource(strings = {"softsign", "silu", "mish", "gelu", "gelu_tanh", "softplus", "tanh"})
  void shouldStayFiniteFarOut(final String activation) {
    final Network critic =
        Network.of(Shape.batched(1), new Dense(1, Activations.byName(activation)));
    final Loss withScore = reachingTheBias();
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, critic, 12);
        TrainPlan plan =
            TrainPlan.compile(
                engine, critic, parameters, withScore, new Adam(0.01), new PlanOptions(8))) {
      final float[] points = {-1e20f, -1000, -15, 0, 15, 100, 1000, 1e20f};
      for (int i = 0; i < points.length; i++) {
        plan.input().set(i, points[i]);
      }
      final float loss = plan.step(8);
      assertTrue(Float.isFinite(loss), activation + ": " + loss);
      assertTrue(Float.isFinite(parameters.tensor("0.weight").get(0)), activation);
    }
  }

  @Test
  void shouldSayWhatHasNoSecondDerivative() {
    final Network.Definition critic =
        Network.parse("input(4) dense(7) layer_norm() dense(1)").define();
    final Graph graph = critic.graph();
    final Value target = graph.input("target", PENALTY.targetType(critic.output().type()));
    final Value loss = PENALTY.build(graph, critic.output(), target);
    final Value weight = critic.parameters().get(0).value();
    final GradusException e =
        assertThrows(
            GradusException.class, () -> Differentiate.gradients(graph, loss, List.of(weight)));
    assertTrue(
        e.getMessage().startsWith("group_norm_gradient has no second derivative"), e.getMessage());
  }

  @Test
  void shouldBringSlopesToOne() {
    final Network critic =
        Network.of(Shape.batched(3), new Dense(8, Activations.TANH), new Dense(1));
    final Loss withScore = reachingTheBias();
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, critic, 12);
        TrainPlan plan =
            TrainPlan.compile(
                engine, critic, parameters, withScore, new Adam(0.01), new PlanOptions(8))) {
      final Random random = new Random(12);
      for (int i = 0; i < 24; i++) {
        plan.input().set(i, (float) random.nextGaussian());
      }
      final float first = plan.step(8);
      float last = first;
      for (int step = 0; step < 500; step++) {
        last = plan.step(8);
      }
      assertTrue(last < 0.01 * first && last >= 0, "from " + first + " to " + last);
    }
  }
}
