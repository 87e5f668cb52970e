package dev.gradus.bench.peers;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * The fused optimizer kernels of libtorch, {@code aten::_fused_adam_} and {@code
 * aten::_fused_sgd_}: one pass over memory, called through its dispatcher.
 */
final class TorchFusedUpdate extends TorchUpdate {
  private final boolean adam;
  private final Tensor[] parameters;
  private final GenericList parameterList;
  private final GenericList first = tensors();
  private final GenericList second = tensors();
  private final GenericList steps = tensors();
  private final Tensor step = Tensor.create(0f);
  private final Scalar one = new Scalar(1);
  private final OperatorHandle operator;
  private double rate;

  TorchFusedUpdate(final ModelTask task, final Tensor[] parameters) {
    this.adam = task.adam();
    this.parameters = parameters;
    this.rate = task.checkedRate();
    this.parameterList = tensors();
    for (final Tensor parameter : parameters) {
      parameterList.push_back(new IValue(parameter));
      first.push_back(new IValue(parameter.detach().clone().zero_()));
      second.push_back(new IValue(parameter.detach().clone().zero_()));
      steps.push_back(new IValue(step));
    }
    this.operator =
        Dispatcher.singleton()
            .findSchemaOrThrow(adam ? "aten::_fused_adam_" : "aten::_fused_sgd_", "");
  }

  private static GenericList tensors() {
    return new GenericList(new Type.TypePtr(TensorType.get()));
  }

  @Override
  void forgetGradients() {
    for (final Tensor parameter : parameters) {
      parameter.mutable_grad().reset();
    }
  }

  @Override
  void step() {
    try (NoGradGuard _ = new NoGradGuard()) {
      final GenericList gradients = tensors();
      for (final Tensor parameter : parameters) {
        gradients.push_back(new IValue(parameter.grad()));
      }
      operator.callBoxed(adam ? adamArguments(gradients) : sgdArguments(gradients));
    }
  }

  /**
   * self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps, lr, beta1, beta2,
   * weight_decay, eps, amsgrad, maximize, grad_scale, found_inf.
   */
  private IValueVector adamArguments(final GenericList gradients) {
    step.add_(one);
    return new IValueVector(
        new IValue(parameterList),
        new IValue(gradients),
        new IValue(first),
        new IValue(second),
        new IValue(tensors()),
        new IValue(steps),
        new IValue(rate),
        new IValue(ModelTask.BETA1),
        new IValue(ModelTask.BETA2),
        new IValue(0.0),
        new IValue(ModelTask.EPSILON),
        new IValue(false),
        new IValue(false),
        new IValue(),
        new IValue());
  }

  /**
   * self, grads, momentum_buffer_list, weight_decay, momentum, lr, dampening, nesterov, maximize,
   * is_first_step, grad_scale, found_inf.
   */
  private IValueVector sgdArguments(final GenericList gradients) {
    return new IValueVector(
        new IValue(parameterList),
        new IValue(gradients),
        new IValue(tensors()),
        new IValue(0.0),
        new IValue(0.0),
        new IValue(rate),
        new IValue(0.0),
        new IValue(false),
        new IValue(false),
        new IValue(false),
        new IValue(),
        new IValue());
  }

  @Override
  void learningRate(final double value) {
    rate = value;
  }

  @Override
  public void close() {
    step.close();
  }
}
