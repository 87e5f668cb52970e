package dev.gradus.tests;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.MatMul;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Activations;
import dev.gradus.nn.BatchNorm;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.GroupNorm;
import dev.gradus.nn.Initializers;
import dev.gradus.nn.Layer;
import dev.gradus.nn.LayerNorm;
import dev.gradus.nn.Network;
import dev.gradus.nn.Scope;
import dev.gradus.nn.SoftmaxLayer;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Optimizers;
import dev.gradus.optim.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Training steps of every optimizer, loss and activation, with weights of samples, short batches
 * among full ones and a rate that changes.
 */
final class TrainStepTest extends TrainStepCase {
  /**
   * Every optimizer and every activation of bounded slope with two losses, and every other loss.
   */
  static List<Arguments> combinations() {
    final List<Optimizer> optimizers = optimizers();
    final List<String> activations = ActivationReference.boundedSlopes();
    final List<Arguments> combinations = new ArrayList<>();
    for (final String loss : List.of("mse", "cross-entropy")) {
      for (int i = 0; i < optimizers.size(); i++) {
        final String activation = activations.get(i % activations.size());
        combinations.add(Arguments.of(optimizers.get(i), loss, activation));
      }
      for (int i = 0; i < activations.size(); i++) {
        final Optimizer optimizer = optimizers.get((i + 1) % optimizers.size());
        combinations.add(Arguments.of(optimizer, loss, activations.get(i)));
      }
    }
    for (final String loss : Losses.names()) {
      final Optimizer optimizer = optimizers.get(combinations.size() % optimizers.size());
      combinations.add(Arguments.of(optimizer, loss, "tanh"));
    }
    return combinations;
  }

  private static List<Optimizer> optimizers() {
    final List<Optimizer> optimizers = new ArrayList<>();
    for (final String name : Optimizers.names()) {
      optimizers.add(Optimizers.byName(name, 0.02));
    }
    optimizers.add(new Sgd(0.1, 0.02));
    optimizers.add(new Momentum(0.05, 0.7, false, 0.02));
    optimizers.add(new Momentum(0.05, 0.7, true, 0.02));
    optimizers.add(new Adam(0.01, 0.8, 0.9, 1e-3, 0.02));
    optimizers.addAll(OptimizerReferences.withAllSettings());
    return optimizers;
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void shouldTrainAsInDoublePrecision(
      final Optimizer optimizer, final String loss, final String activation) {
    final Network network =
        LossReference.fit(Network.mlp(Activations.byName(activation), 9, 17, 8, 6), loss);
    assertTrainsAlike(network, Losses.byName(loss), optimizer, 20);
  }

  @Test
  void shouldTrainSequencesAndSoftmaxAsInDoublePrecision() {
    final Network sequences =
        Network.of(
            Shape.batched(3, 4), new Dense(7, Activations.TANH), new Dense(4), new SoftmaxLayer());
    assertTrainsAlike(sequences, Losses.meanSquaredError(), new Adam(0.01), 21);
    final Network linear = Network.of(Shape.batched(13), new Dense(1));
    assertTrainsAlike(linear, Losses.meanSquaredError(), new Momentum(0.02), 22);
  }

  @Test
  void shouldTrainDropoutAsInDoublePrecision() {
    final Network network =
        Network.of(
            Shape.batched(9),
            new Dense(17, Activations.TANH),
            new Dropout(0.5),
            new Dense(33, Activations.RELU),
            new Dropout(0.1),
            new Dense(5));
    assertTrainsAlike(network, Losses.softmaxCrossEntropy(), new Adam(0.01), 26);
    final Network spatial =
        Network.of(Shape.batched(4, 3), new Dense(7), new Dropout(0.4, true), new Dense(2));
    assertTrainsAlike(spatial, Losses.meanSquaredError(), new Sgd(0.1), 27);
  }

  @Test
  void shouldTrainNormalisationAsInDoublePrecision() {
    final Network network =
        Network.of(
            Shape.batched(9),
            new Dense(17),
            new LayerNorm(),
            new Dense(12, Activations.TANH),
            new GroupNorm(3),
            LayerNorm.rms(),
            new Dense(5));
    assertTrainsAlike(network, Losses.softmaxCrossEntropy(), new Adam(0.01), 28);
    final Network batch =
        Network.of(
            Shape.batched(4, 3),
            new BatchNorm(0.1, 0.1),
            new Dense(5, Activations.TANH),
            new BatchNorm(0.3, 0.1),
            new Dense(2));
    assertTrainsAlike(batch, Losses.meanSquaredError(), new Sgd(0.1), 29);
  }

  /** Two dense layers with the same weights. */
  private record Tied(int units) implements Layer {
    @Override
    public Value define(final Scope scope, final Value input) {
      final Value weight =
          scope.parameter(
              "weight", Shape.of(units, units), Initializers.glorotUniform(), units, units);
      final Value bias =
          scope.parameter("bias", Shape.of(units), Initializers.zeros(), units, units);
      Value value = input;
      for (int i = 0; i < 2; i++) {
        final Value product = scope.graph().apply(MatMul.PLAIN, value, weight);
        final Value sum = scope.graph().apply(new AddBias(), product, bias);
        value = scope.graph().apply(new Activate(Activations.TANH), sum);
      }
      return value;
    }

    @Override
    public String describe() {
      return "tied(" + units + ")";
    }
  }

  @Test
  void shouldTrainSharedWeightsAsInDoublePrecision() {
    final Network network = Network.of(Shape.batched(9), new Tied(9), new Dense(4));
    for (final Optimizer optimizer : optimizers()) {
      assertTrainsAlike(network, Losses.softmaxCrossEntropy(), optimizer, 23);
    }
  }
}
