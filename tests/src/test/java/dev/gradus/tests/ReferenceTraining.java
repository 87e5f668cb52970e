package dev.gradus.tests;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.loss.Loss;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Updates;
import dev.gradus.plan.Differentiate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Training steps in double precision: forward, loss, gradient and update, one node after the other.
 */
final class ReferenceTraining {
  private final Network.Definition network;
  private final Value target;
  private final Value weights;
  private final Value loss;
  private final Updates updates;
  private final Random noise;
  private final Map<Value, double[]> kept = new LinkedHashMap<>();
  private RealTensor output;

  /**
   * Begins.
   *
   * @param start all parameters by name.
   * @param noise where not null, rounding errors are drawn at random, see {@link
   *     Interpreter#noisy}.
   */
  ReferenceTraining(
      final Network network,
      final Loss loss,
      final Descent descent,
      final Map<String, double[]> start,
      final Random noise) {
    this.network = network.defineTraining(0);
    this.noise = noise;
    final Graph graph = this.network.graph();
    final Value prediction = this.network.output();
    this.target = graph.input("target", loss.targetType(prediction.type()));
    this.weights = graph.input("weights", Samples.batched());
    this.loss = loss.build(graph, prediction, target, weights);
    for (final Parameter parameter : this.network.parameters()) {
      kept.put(parameter.value(), start.get(parameter.name()).clone());
    }
    final List<Value> trained = descent.trained(this.network.learned());
    final Map<Value, Value> found = Differentiate.gradients(graph, this.loss, trained);
    final Map<Value, Value> gradients = new LinkedHashMap<>();
    trained.forEach(parameter -> gradients.put(parameter, found.get(parameter)));
    this.updates = Updates.append(graph, gradients, descent);
    for (final Value value : graph.values()) {
      if (value.role() == Value.Role.STATE && !value.shape().isBatched()) {
        kept.put(value, new double[Math.toIntExact(value.shape().elements(1))]);
      }
    }
    updates
        .averages()
        .forEach((parameter, average) -> kept.put(average, start.get(parameter.name()).clone()));
  }

  void learningRate(final double rate) {
    updates.learningRate(rate);
  }

  /** One step, with a weight for each row; returns the loss before the update. */
  double step(
      final double[] features, final double[] targets, final double[] rowWeights, final int rows) {
    final Interpreter interpreter =
        noise == null ? new Interpreter(rows) : Interpreter.noisy(rows, noise);
    interpreter.set(network.input(), features.clone());
    interpreter.set(target, targets.clone());
    interpreter.set(weights, rowWeights.clone());
    kept.forEach(interpreter::set);
    updates.advance();
    interpreter.run(network.graph().nodes());
    kept.replaceAll((value, before) -> interpreter.get(value).values());
    output = interpreter.get(network.output());
    return interpreter.scalar(loss);
  }

  /** The network's output in the last step. */
  RealTensor output() {
    return output;
  }

  /** The moving average of a parameter. */
  RealTensor average(final String name) {
    for (final Map.Entry<Value, Value> entry : updates.averages().entrySet()) {
      if (entry.getKey().name().equals(name)) {
        return RealTensor.of(entry.getKey().shape(), kept.get(entry.getValue()));
      }
    }
    throw new AssertionError("no average of " + name);
  }

  RealTensor parameter(final String name) {
    for (final Parameter parameter : network.parameters()) {
      if (parameter.name().equals(name)) {
        return RealTensor.of(parameter.value().shape(), kept.get(parameter.value()));
      }
    }
    throw new AssertionError("no parameter " + name);
  }
}
