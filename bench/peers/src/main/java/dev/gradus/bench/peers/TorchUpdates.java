package dev.gradus.bench.peers;

import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;

/** The fused optimizer kernels of libtorch over one flat parameter. */
final class TorchUpdates {
  static final List<String> NAMES = List.of("sgd", "momentum", "adam", "adamw");

  private static final double MOMENTUM = 0.9;

  /** So many that the correction of the moments' bias is 1. */
  private static final float STEPS = 1e6f;

  private TorchUpdates() {}

  static TorchKernel of(final String name, final KernelBuffers buffers, final float rate) {
    return name.startsWith("adam") ? adam(name, buffers, rate) : sgd(name, buffers, rate);
  }

  /**
   * self, grads, momentum_buffer_list, weight_decay, momentum, lr, dampening, nesterov, maximize,
   * is_first_step, grad_scale, found_inf. Parameters, gradient and velocity are the first buffers.
   */
  private static TorchKernel sgd(final String name, final KernelBuffers buffers, final float rate) {
    final Tensor parameters = buffers.tensor(0, buffers.elements);
    final boolean plain = name.equals("sgd");
    final Tensor velocity = buffers.tensor(2, plain ? 1 : buffers.elements);
    final TorchOperator operator =
        new TorchOperator(
            "_fused_sgd_",
            "",
            TorchOperator.list(parameters),
            TorchOperator.list(buffers.tensor(1, buffers.elements)),
            plain ? TorchOperator.list() : TorchOperator.list(velocity),
            new IValue(0.0),
            new IValue(plain ? 0.0 : MOMENTUM),
            new IValue((double) rate),
            new IValue(0.0),
            new IValue(false),
            new IValue(false),
            new IValue(false),
            new IValue(),
            new IValue());
    return new TorchKernel(
        operator,
        List.of(new TorchKernel.Output(0, parameters), new TorchKernel.Output(2, velocity)));
  }

  /**
   * self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps, lr, beta1, beta2,
   * weight_decay, eps, amsgrad, maximize, grad_scale, found_inf. The gradient is the first buffer,
   * then come parameters and the two moments.
   */
  private static TorchKernel adam(
      final String name, final KernelBuffers buffers, final float rate) {
    final Tensor parameters = buffers.tensor(1, buffers.elements);
    final Tensor first = buffers.tensor(2, buffers.elements);
    final Tensor second = buffers.tensor(3, buffers.elements);
    final boolean decays = name.equals("adamw");
    final TorchOperator operator =
        new TorchOperator(
            decays ? "_fused_adamw_" : "_fused_adam_",
            "",
            TorchOperator.list(parameters),
            TorchOperator.list(buffers.tensor(0, buffers.elements)),
            TorchOperator.list(first),
            TorchOperator.list(second),
            TorchOperator.list(),
            TorchOperator.list(Tensor.create(STEPS)),
            new IValue((double) rate),
            new IValue(ModelTask.BETA1),
            new IValue(ModelTask.BETA2),
            new IValue(decays ? 1.0 : 0.0),
            new IValue(ModelTask.EPSILON),
            new IValue(false),
            new IValue(false),
            new IValue(),
            new IValue());
    return new TorchKernel(
        operator,
        List.of(
            new TorchKernel.Output(1, parameters),
            new TorchKernel.Output(2, first),
            new TorchKernel.Output(3, second)));
  }
}
