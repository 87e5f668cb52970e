package dev.gradus.bench.peers;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J, through the network its users configure. */
final class Dl4jModel implements Training, Prediction {
  private static final char COLUMNS_FIRST = 'f';

  private final ModelTask task;
  private final MultiLayerNetwork network;
  private final DataSet data;
  private final INDArray input;

  /**
   * Builds it.
   *
   * @param training whether it ends in the loss; else in the logits.
   */
  Dl4jModel(final ModelTask task, final boolean training) {
    Nd4jBackend.load();
    this.task = task;
    this.network = new MultiLayerNetwork(configuration(task, training));
    network.init();
    fill();
    this.data = training ? new DataSet(features(), targets()) : null;
    this.input = training ? null : Nd4j.createUninitialized(task.batch, task.inputs);
  }

  private static MultiLayerConfiguration configuration(
      final ModelTask task, final boolean training) {
    final NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .updater(updater(task))
            .cacheMode(CacheMode.DEVICE) // keeps the unfolded windows of convolutions
            .list();
    int p = 0;
    if (task.model.equals(ModelTask.LSTM)) {
      final int units = (int) task.shapes[1][0];
      final LSTM lstm = new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
      layers.layer(new LastTimeStep(lstm));
      p = 3;
    }
    for (; task.shapes[p].length == 4; p += 2) {
      final int filters = (int) task.shapes[p][0];
      layers.layer(
          new ConvolutionLayer.Builder(3, 3).nOut(filters).activation(Activation.RELU).build());
      layers.layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build());
    }
    for (; p + 2 < task.weights.length; p += 2) {
      layers.layer(dense((int) task.shapes[p][1], Activation.RELU));
    }
    layers.layer(training ? output(task) : dense(task.outputs, Activation.IDENTITY));
    return layers.setInputType(inputType(task)).build();
  }

  private static DenseLayer dense(final int units, final Activation activation) {
    return new DenseLayer.Builder().nOut(units).activation(activation).build();
  }

  private static OutputLayer output(final ModelTask task) {
    final boolean classes = task.labels != null;
    return new OutputLayer.Builder(classes ? LossFunction.MCXENT : LossFunction.MSE)
        .nOut(task.outputs)
        .activation(classes ? Activation.SOFTMAX : Activation.IDENTITY)
        .build();
  }

  private static IUpdater updater(final ModelTask task) {
    return task.adam()
        ? new Adam(task.checkedRate(), ModelTask.BETA1, ModelTask.BETA2, ModelTask.EPSILON)
        : new Sgd(task.checkedRate());
  }

  private static InputType inputType(final ModelTask task) {
    return switch (task.model) {
      case ModelTask.CNN -> InputType.convolutional(28, 28, 1);
      case ModelTask.LSTM -> InputType.recurrent(task.shapes[0][0]);
      default -> InputType.feedForward(task.inputs);
    };
  }

  /** Gives the network the task's weights; each array keeps the order it has in memory. */
  private void fill() {
    int p = 0;
    for (final Layer layer : network.getLayers()) {
      final Map<String, INDArray> parameters = layer.paramTable();
      for (final String name : new String[] {"W", "RW", "b"}) {
        if (parameters.containsKey(name)) {
          final INDArray parameter = parameters.get(name);
          final boolean gated = parameters.containsKey("RW");
          final float[] values = gated ? gatesInItsOrder(task.weights[p]) : task.weights[p];
          parameter.assign(rowsFirst(values, parameter.shape()));
          p++;
        }
      }
    }
  }

  /** Rows of four gates: input, forget, cell, output become cell, forget, output, input. */
  private float[] gatesInItsOrder(final float[] values) {
    final int[] order = {2, 1, 3, 0};
    final int units = (int) task.shapes[1][0];
    final float[] ordered = new float[values.length];
    for (int block = 0; block < values.length / units; block++) {
      final int from = block / 4 * 4 + order[block % 4];
      System.arraycopy(values, from * units, ordered, block * units, units);
    }
    return ordered;
  }

  private INDArray features() {
    final int rows = task.batch;
    return switch (task.model) {
      case ModelTask.CNN -> rowsFirst(task.features, rows, 1, 28, 28);
      case ModelTask.LSTM -> {
        final long features = task.shapes[0][0];
        final INDArray steps = rowsFirst(task.features, rows, task.inputs / features, features);
        yield steps.permute(0, 2, 1).dup(); // features before steps
      }
      // As its weights are, which its products take without a copy.
      default -> rowsFirst(task.features, rows, task.inputs).dup(COLUMNS_FIRST);
    };
  }

  private INDArray targets() {
    if (task.labels == null) {
      return rowsFirst(task.targets, task.batch, task.outputs);
    }
    final INDArray chosen = Nd4j.zeros(task.batch, task.outputs);
    for (int r = 0; r < task.batch; r++) {
      chosen.putScalar(r, task.labels[r], 1);
    }
    return chosen;
  }

  private static INDArray rowsFirst(final float[] values, final long... shape) {
    return Nd4j.create(values, shape, 'c');
  }

  @Override
  public float step() {
    network.fit(data);
    return (float) network.score();
  }

  @Override
  public void learningRate(final double rate) {
    network.setLearningRate(rate);
  }

  @Override
  public void predict(final float[] features, final float[] logits) {
    input.data().setData(features);
    System.arraycopy(network.output(input).data().asFloat(), 0, logits, 0, logits.length);
  }

  @Override
  public void close() {
    network.close();
  }
}
