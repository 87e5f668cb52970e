package dev.gradus.tests;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.Multiply;
import dev.gradus.graph.op.Softmax;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.plan.Differentiate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A graph drawn from a seed, with branches, joins and weights used several times, then a loss and
 * its gradient by all inputs. Weights are inputs here, so that the compiler's passes see them as
 * they see activations.
 */
final class RandomGraph {
  /** Smooth ones, which take any number. */
  private static final List<String> LOSSES =
      List.of("cross-entropy", "mse", "soft-cross-entropy", "binary-cross-entropy", "huber");

  private final Random random;
  private final Graph graph = new Graph();
  private final Map<Value, Draw> inputs = new LinkedHashMap<>();
  private final List<Value> weights = new ArrayList<>();
  private final List<Value> chain = new ArrayList<>();
  private final List<Value> results = new ArrayList<>();

  RandomGraph(final long seed) {
    this.random = new Random(seed);
    final Value x = graph.input("x", Samples.batched(width()));
    inputs.put(x, Draw.normal());
    weights.add(x);
    chain.add(x);
    final int length = 3 + random.nextInt(8);
    for (int i = 0; i < length; i++) {
      grow();
    }
    finish();
  }

  Graph graph() {
    return graph;
  }

  /** All inputs. */
  List<Value> inputs() {
    return List.copyOf(inputs.keySet());
  }

  /** The last value before the loss, the loss, and the gradients. */
  List<Value> results() {
    return List.copyOf(results);
  }

  /** Content for all inputs in a run of {@code rows}. */
  Map<Value, double[]> draw(final long seed, final int rows) {
    final Random content = new Random(seed);
    final Map<Value, double[]> values = new LinkedHashMap<>();
    inputs.forEach(
        (input, draw) ->
            values.put(input, draw.from(content, RealTensor.bound(input.type(), rows))));
    return values;
  }

  private int width() {
    return 1 + random.nextInt(20);
  }

  private Value last() {
    return chain.get(chain.size() - 1);
  }

  private void append(final Op op, final Value... operands) {
    chain.add(graph.apply(op, operands));
  }

  private Value weight(final Shape shape) {
    for (final Value known : weights) {
      if (known.shape().equals(shape) && random.nextInt(3) > 0) {
        return known; // shared
      }
    }
    final Value weight = graph.input("weight" + weights.size(), TensorType.float32(shape));
    inputs.put(weight, Draw.scaled(0.5));
    weights.add(weight);
    return weight;
  }

  private void grow() {
    final int width = last().shape().last();
    switch (random.nextInt(10)) {
      case 0, 1 -> append(MatMul.PLAIN, last(), weight(Shape.of(width, width())));
      case 2 -> append(MatMul.TRANSPOSE_B, last(), weight(Shape.of(width(), width)));
      case 3 -> append(new AddBias(), last(), weight(Shape.of(width)));
      case 4 -> activate();
      case 5 -> append(new Add(), last(), sameShape());
      case 6 -> append(new Multiply(), last(), sameShape());
      case 7, 8 -> branch();
      default -> dense(width);
    }
  }

  private void dense(final int width) {
    final int units = random.nextBoolean() ? width : width();
    append(MatMul.PLAIN, last(), weight(Shape.of(width, units)));
    append(new AddBias(), last(), weight(Shape.of(units)));
    activate();
  }

  private void activate() {
    append(activation(), last());
  }

  private Op activation() {
    final List<String> names = ActivationReference.boundedSlopes();
    final int choice = random.nextInt(names.size() + 1);
    return choice == names.size()
        ? new Softmax()
        : new Activate(Activations.byName(names.get(choice)));
  }

  /** Reads an earlier value once more and joins what comes of it. */
  private void branch() {
    final Value side = graph.apply(activation(), sameShape());
    append(random.nextBoolean() ? new Add() : new Multiply(), last(), side);
  }

  /** An earlier value of the last one's shape, perhaps the last itself. */
  private Value sameShape() {
    final List<Value> fitting =
        chain.stream().filter(value -> value.type().equals(last().type())).toList();
    return fitting.get(random.nextInt(fitting.size()));
  }

  private void finish() {
    final Loss loss = Losses.byName(LOSSES.get(random.nextInt(LOSSES.size())));
    final Value prediction = last();
    final Value target = graph.input("target", loss.targetType(prediction.type()));
    inputs.put(target, LossReference.of(loss).target(prediction.shape().last()));
    final Value value = loss.build(graph, prediction, target);
    final Map<Value, Value> gradients = Differentiate.gradients(graph, value, weights);
    results.add(prediction);
    results.add(value);
    for (final Value weight : weights) {
      results.add(gradients.get(weight));
    }
  }
}
