package dev.gradus.bench.peers;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch, driven from Java through bytedeco as its C++ users would: autograd, gradients set to
 * none between steps, inference mode for predictions. Matrices of weights (outputs, inputs), as its
 * layers hold them.
 */
final class TorchModel {
  private final ModelTask task;
  private final Tensor[] parameters;
  private final TensorOptional[] optional;
  private TensorVector state; // of the LSTM: zeros, twice
  private TensorVector recurrent; // its weights and two biases

  private TorchModel(final ModelTask task, final boolean training) {
    this.task = task;
    this.parameters = new Tensor[task.weights.length];
    this.optional = new TensorOptional[parameters.length];
    for (int p = 0; p < parameters.length; p++) {
      parameters[p] = Tensor.create(task.turned(p), task.turnedShape(p));
      parameters[p].requires_grad_(training);
      optional[p] = new TensorOptional(parameters[p]);
    }
    if (task.model.equals(ModelTask.LSTM)) {
      final int units = (int) task.shapes[1][0];
      final int width = (int) task.shapes[1][1];
      final Tensor zeros = Tensor.create(new float[task.batch * units], 1, task.batch, units);
      state = new TensorVector(zeros, zeros);
      // Of its two biases, which are added, the second stays zero: the task has one.
      final Tensor second = Tensor.create(new float[width], width);
      recurrent = new TensorVector(parameters[0], parameters[1], parameters[2], second);
    }
  }

  /**
   * Loads libtorch once for this process.
   *
   * @param blas {@code openblas} or {@code mkl}: which library serves its matrix products.
   */
  static void load(final String blas, final int threads) {
    System.setProperty("org.bytedeco.openblas.load", blas);
    torch.set_num_threads(threads);
    torch.set_num_interop_threads(1);
  }

  static Training training(final ModelTask task, final boolean fused) {
    final TorchModel model = new TorchModel(task, true);
    final Tensor features = model.features();
    final Tensor targets = model.targets();
    final TorchUpdate update = TorchUpdate.of(task, model.parameters, fused);
    return new Training() {
      @Override
      public float step() {
        try (PointerScope _ = new PointerScope()) {
          final Tensor outputs = model.forward(features);
          final Tensor loss =
              task.labels == null
                  ? torch.mse_loss(outputs, targets)
                  : torch.cross_entropy_loss(outputs, targets);
          update.forgetGradients();
          loss.backward();
          update.step();
          return loss.item_float();
        }
      }

      @Override
      public void learningRate(final double rate) {
        update.learningRate(rate);
      }

      @Override
      public void close() {
        update.close();
      }
    };
  }

  static Prediction prediction(final ModelTask task) {
    final TorchModel model = new TorchModel(task, false);
    final Tensor input = Tensor.create(new float[task.features.length], task.batch, task.inputs);
    final FloatPointer inputData = input.data_ptr_float();
    return new Prediction() {
      @Override
      public void predict(final float[] features, final float[] logits) {
        try (PointerScope _ = new PointerScope();
            InferenceMode _ = new InferenceMode(true)) {
          inputData.put(features);
          model.forward(input).data_ptr_float().get(logits);
        }
      }

      @Override
      public void close() {
        input.close();
      }
    };
  }

  private Tensor features() {
    final Tensor rows = Tensor.create(task.features, task.batch, task.inputs);
    return switch (task.model) {
      case ModelTask.CNN -> rows.view(task.batch, 1, 28, 28);
      // Steps first, which its kernels go through without a copy.
      case ModelTask.LSTM ->
          rows.view(task.batch, -1, task.shapes[0][0]).permute(1, 0, 2).contiguous();
      default -> rows;
    };
  }

  private Tensor targets() {
    if (task.labels == null) {
      return Tensor.create(task.targets, task.batch, task.outputs);
    }
    final long[] wide = new long[task.batch];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = task.labels[i];
    }
    return Tensor.create(wide, task.batch);
  }

  private Tensor forward(final Tensor features) {
    return switch (task.model) {
      case ModelTask.CNN -> dense(convolutions(features), 4);
      case ModelTask.LSTM -> dense(lastStep(features), 3);
      default -> dense(features, 0);
    };
  }

  /** Layers from parameter {@code first} on, with ReLU between them. */
  private Tensor dense(final Tensor input, final int first) {
    Tensor value = torch.linear(input, parameters[first], optional[first + 1]);
    for (int p = first + 2; p < parameters.length; p += 2) {
      value = torch.linear(value.relu_(), parameters[p], optional[p + 1]);
    }
    return value;
  }

  private Tensor convolutions(final Tensor images) {
    Tensor value = images;
    for (int p = 0; p < 4; p += 2) {
      final long[] one = {1, 1};
      value = torch.conv2d(value, parameters[p], optional[p + 1], one, new long[] {0, 0}, one, 1);
      value = torch.max_pool2d(value.relu_(), 2, 2);
    }
    return value.flatten(1, -1);
  }

  private Tensor lastStep(final Tensor sequences) {
    return torch
        .lstm(sequences, state, recurrent, true, 1, 0, true, false, false)
        .get0()
        .select(0, -1);
  }
}
