package dev.gradus.bench.peers;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch, driven from Java through bytedeco as its C++ users would: autograd, gradients set to
 * none between steps, inference mode for predictions. Weights (outputs, inputs), as its linear
 * layers hold them.
 */
final class TorchMlp {
  private TorchMlp() {}

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

  static MlpTraining training(final MlpTask task, final boolean fused) {
    final Tensor features = Tensor.create(task.features, task.batch, MlpTask.INPUTS);
    final long[] wide = new long[task.batch];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = task.labels[i];
    }
    final Tensor labels = Tensor.create(wide, task.batch);
    final Tensor[] parameters = parameters(task);
    for (final Tensor parameter : parameters) {
      parameter.requires_grad_(true);
    }
    final TensorOptional bias1 = new TensorOptional(parameters[1]);
    final TensorOptional bias2 = new TensorOptional(parameters[3]);
    final TorchUpdate update = TorchUpdate.of(task, parameters, fused);
    return new MlpTraining() {
      @Override
      public float step() {
        try (PointerScope _ = new PointerScope()) {
          final Tensor hidden = torch.linear(features, parameters[0], bias1).relu();
          final Tensor logits = torch.linear(hidden, parameters[2], bias2);
          final Tensor loss = torch.cross_entropy_loss(logits, labels);
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

  static MlpPrediction prediction(final MlpTask task) {
    final Tensor input = Tensor.create(new float[task.features.length], task.batch, MlpTask.INPUTS);
    final FloatPointer inputData = input.data_ptr_float();
    final Tensor[] parameters = parameters(task);
    final TensorOptional bias1 = new TensorOptional(parameters[1]);
    final TensorOptional bias2 = new TensorOptional(parameters[3]);
    return new MlpPrediction() {
      @Override
      public void predict(final float[] features, final float[] logits) {
        try (PointerScope _ = new PointerScope();
            InferenceMode _ = new InferenceMode(true)) {
          inputData.put(features);
          final Tensor hidden = torch.linear(input, parameters[0], bias1).relu_();
          torch.linear(hidden, parameters[2], bias2).data_ptr_float().get(logits);
        }
      }

      @Override
      public void close() {
        input.close();
      }
    };
  }

  private static Tensor[] parameters(final MlpTask task) {
    final float[] weights1 = MlpTask.transpose(task.weights1, MlpTask.INPUTS, MlpTask.HIDDEN);
    final float[] weights2 = MlpTask.transpose(task.weights2, MlpTask.HIDDEN, MlpTask.CLASSES);
    return new Tensor[] {
      Tensor.create(weights1, MlpTask.HIDDEN, MlpTask.INPUTS),
      Tensor.create(task.bias1, MlpTask.HIDDEN),
      Tensor.create(weights2, MlpTask.CLASSES, MlpTask.HIDDEN),
      Tensor.create(task.bias2, MlpTask.CLASSES)
    };
  }
}
