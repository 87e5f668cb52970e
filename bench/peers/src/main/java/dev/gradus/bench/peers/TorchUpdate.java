package dev.gradus.bench.peers;

import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** The optimizers of libtorch's C++ interface; {@link TorchFusedUpdate} has its fused kernels. */
abstract class TorchUpdate implements AutoCloseable {
  static TorchUpdate of(final ModelTask task, final Tensor[] parameters, final boolean fused) {
    return fused ? new TorchFusedUpdate(task, parameters) : new Plain(task, parameters);
  }

  /** Sets all gradients to none, so that backward stores instead of adding. */
  abstract void forgetGradients();

  abstract void step();

  abstract void learningRate(double rate);

  @Override
  public abstract void close();

  private static final class Plain extends TorchUpdate {
    private final boolean adam;
    private final Optimizer optimizer;

    Plain(final ModelTask task, final Tensor[] parameters) {
      adam = task.adam();
      final TensorVector vector = new TensorVector(parameters);
      optimizer =
          adam
              ? new Adam(vector, new AdamOptions(task.checkedRate()))
              : new SGD(vector, new SGDOptions(task.checkedRate()));
    }

    @Override
    void forgetGradients() {
      optimizer.zero_grad(true);
    }

    @Override
    void step() {
      optimizer.step();
    }

    @Override
    void learningRate(final double rate) {
      optimizer.param_groups().get(0).options().set_lr(rate);
    }

    @Override
    public void close() {
      optimizer.close();
    }
  }
}
