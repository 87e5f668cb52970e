package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.Multiply;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Network;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Losses that a user composes from ops, with a lambda. */
final class CustomLossTest {
  /** Huber's loss, and how far the squares of bounded predictions are from the target. */
  private static final Loss OWN =
      (graph, prediction, target) -> {
        final Value bounded = graph.apply(new Activate(Activations.TANH), prediction);
        final Value squares = graph.apply(new Multiply(), bounded, bounded);
        return graph.apply(
            new Add(),
            Losses.huber(0.25f).rows(graph, prediction, target),
            Losses.meanAbsoluteError().rows(graph, squares, target));
      };

  @Test
  void shouldDifferentiateLossOfOwn() {
    assertEquals(List.of(), mismatches(OWN));
  }

  @Test
  void shouldCatchWrongGradientOfLossOfOwn() {
    final Loss wrong =
        (graph, prediction, target) ->
            OWN.rows(graph, graph.apply(new WrongIdentity(), prediction), target);
    assertFalse(mismatches(wrong).isEmpty());
  }

  private static List<String> mismatches(final Loss loss) {
    final Graph graph = new Graph();
    final Value prediction = graph.input("prediction", Samples.batched(3));
    final Value target = graph.input("target", loss.targetType(prediction.type()));
    final Value weights = graph.input("weights", Samples.batched());
    final Value value = loss.build(graph, prediction, target, weights);
    final Random random = new Random(5);
    final Map<Value, double[]> point = new HashMap<>();
    for (final Value input : List.of(prediction, target, weights)) {
      point.put(input, Draw.normal().from(random, RealTensor.bound(input.type(), 4)));
    }
    return GradientCheck.mismatches(graph, value, point, List.of(prediction), 4, 5);
  }

  /** {@code x} with a gradient that is a thousandth too large. */
  private record WrongIdentity() implements ReferencedOp {
    @Override
    public String name() {
      return "wrong_identity";
    }

    @Override
    public List<TensorType> outputs(final List<TensorType> inputs) {
      return List.of(inputs.get(0));
    }

    @Override
    public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
      return List.of(graph.apply(new WeightedSum.Scale(), dOutputs.get(0), graph.constant(1.001f)));
    }

    @Override
    public List<RealTensor> evaluate(final List<RealTensor> inputs) {
      return List.of(inputs.get(0));
    }
  }

  @Test
  void shouldTrainWithLossOfOwn() {
    final Network network =
        Network.of(Shape.batched(3), new Dense(8, Activations.TANH), new Dense(2));
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, network, 6);
        TrainPlan plan =
            TrainPlan.compile(engine, network, parameters, OWN, new Sgd(0.1), new PlanOptions(4))) {
      final Random random = new Random(6);
      for (int i = 0; i < 12; i++) {
        plan.input().set(i, (float) random.nextGaussian());
      }
      for (int i = 0; i < 8; i++) {
        plan.target().set(i, 0.5f * (i % 2));
      }
      final List<Float> losses = new ArrayList<>();
      for (int step = 0; step < 200; step++) {
        losses.add(plan.step(4));
      }
      assertFalse(losses.get(199) > 0.5 * losses.get(0), () -> "" + losses);
    }
  }

  @Test
  void shouldCountNothingWhereAllLabelsAreIgnored() {
    final Network network = Network.of(Shape.batched(3), new Dense(4));
    final Loss loss = Losses.softmaxCrossEntropy().withIgnoreIndex(-1);
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, network, 7);
        TrainPlan plan =
            TrainPlan.compile(
                engine, network, parameters, loss, new Sgd(0.1), new PlanOptions(2))) {
      for (int i = 0; i < 6; i++) {
        plan.input().set(i, i);
      }
      final String before = parameters.sha256();
      plan.target().setInt(0, -1);
      plan.target().setInt(1, -1);
      assertEquals(0f, plan.step(2));
      assertEquals(before, parameters.sha256());
      plan.target().setInt(1, 4);
      final GradusException e = assertThrows(GradusException.class, () -> plan.step(2));
      assertEquals("label 1 out of range: expected=0 to 3 or -1, actual=4", e.getMessage());
      assertEquals(1, plan.steps());
      plan.target().setInt(1, 3);
      plan.step(2);
      assertFalse(before.equals(parameters.sha256()), "one label counts");
    }
  }
}
