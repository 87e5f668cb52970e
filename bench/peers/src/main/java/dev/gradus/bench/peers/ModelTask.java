package dev.gradus.bench.peers;

import dev.gradus.bench.work.Models;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The work every contender is given: a network of {@link Models} with its loss, softmax
 * cross-entropy or the mean of squared errors; weights; and one resident batch of noise with random
 * targets. All is row-major and laid out as Gradus has it: matrices of weights (inputs, outputs),
 * those of a recurrent layer with its gates in PyTorch's order, filters (out, in, height, width).
 */
final class ModelTask {
  /** The network of predictions: 784-256-10. */
  static final String MLP = "mlp";

  static final String CNN = "cnn";
  static final String LSTM = "lstm";

  /** The models that peers train. */
  static final List<String> NAMES = List.of(MLP, "tiny", "wide", CNN, LSTM);

  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;

  /**
   * The rate of the timed steps: so small that no weight moves. Every step does all its arithmetic
   * on the same numbers, so that no contender drifts into a converged network and its denormals.
   */
  static final double TIMED_RATE = 1e-12;

  private static final long SEED = 20260101;
  private static final double BIAS = 0.05;

  final String model;
  final Network network;
  final String optimizer;
  final int batch;
  final int inputs; // features of a row
  final int outputs; // classes, or numbers to predict
  final float[] features; // (batch, inputs)
  final int[] labels; // (batch), or null where numbers are predicted
  final float[] targets; // (batch, outputs), or null where classes are
  final long[][] shapes; // of the weights
  final float[][] weights; // in the order of the network's definition

  /** The same task for the same arguments. */
  ModelTask(final String model, final String optimizer, final int batch) {
    requireOptimizer(optimizer);
    final SplittableRandom random = new SplittableRandom(SEED);
    this.model = model;
    this.network = Models.byName(model).network();
    this.optimizer = optimizer;
    this.batch = batch;
    this.inputs = Math.toIntExact(network.input().rowElements());
    this.outputs = network.output().shape().last();
    final boolean classes = outputs > 1;
    this.labels = classes ? labels(random, batch, outputs) : null;
    this.targets = classes ? null : uniform(random, batch * outputs, 1);
    this.features = uniform(random, batch * inputs, 1);
    final List<Parameter> parameters = network.define().parameters();
    this.shapes = new long[parameters.size()][];
    this.weights = new float[parameters.size()][];
    for (int p = 0; p < weights.length; p++) {
      shapes[p] = sizes(parameters.get(p).value().type().shape());
      final boolean bias = shapes[p].length == 1;
      final double bound = bias ? BIAS : 1 / Math.sqrt(parameters.get(p).fanIn());
      weights[p] = uniform(random, Math.toIntExact(elements(shapes[p])), bound);
    }
  }

  private static int[] labels(final SplittableRandom random, final int count, final int classes) {
    final int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(classes);
    }
    return labels;
  }

  private static long[] sizes(final Shape shape) {
    final long[] sizes = new long[shape.rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = shape.dim(axis);
    }
    return sizes;
  }

  private static long elements(final long[] shape) {
    long product = 1;
    for (final long size : shape) {
      product *= size;
    }
    return product;
  }

  /**
   * @throws IllegalArgumentException for a name that is none of the task's optimizers.
   */
  static void requireOptimizer(final String optimizer) {
    if (!optimizer.equals("sgd") && !optimizer.equals("adam")) {
      throw new IllegalArgumentException("optimizer: expected=sgd or adam, actual=" + optimizer);
    }
  }

  /** Whether dense layers with ReLU between them are all there is. */
  boolean dense() {
    return !model.equals(CNN) && !model.equals(LSTM);
  }

  /**
   * The rate of the steps that are checked: the loss moves by more than the tolerance, and not so
   * far that rounding decides where to, as it did at 1e-3 in layers of 1024.
   */
  double checkedRate() {
    return optimizer.equals("sgd") ? 1e-2 : 2e-4;
  }

  boolean adam() {
    return optimizer.equals("adam");
  }

  /** Parameter {@code p} as PyTorch keeps it: matrices (outputs, inputs), all else as it is. */
  float[] turned(final int p) {
    return shapes[p].length == 2
        ? transpose(weights[p], (int) shapes[p][0], (int) shapes[p][1])
        : weights[p];
  }

  /** The shape of {@link #turned}. */
  long[] turnedShape(final int p) {
    return shapes[p].length == 2 ? new long[] {shapes[p][1], shapes[p][0]} : shapes[p];
  }

  private static float[] uniform(
      final SplittableRandom random, final int count, final double bound) {
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }

  /** A matrix (rows, columns) turned into (columns, rows). */
  static float[] transpose(final float[] matrix, final int rows, final int columns) {
    final float[] turned = new float[matrix.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        turned[c * rows + r] = matrix[r * columns + c];
      }
    }
    return turned;
  }
}
