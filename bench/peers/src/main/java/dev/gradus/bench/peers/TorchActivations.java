package dev.gradus.bench.peers;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Elementwise kernels of libtorch, in the form that writes into a tensor that is there. */
final class TorchActivations {
  static final List<String> NAMES =
      List.of(
          "relu",
          "relu6",
          "sigmoid",
          "hard_sigmoid",
          "tanh",
          "gelu",
          "gelu_tanh",
          "silu",
          "mish",
          "softplus",
          "elu",
          "selu",
          "leaky_relu",
          "exponential",
          "relu-gradient",
          "add");

  /** Klambauer et al. 2017: alpha and lambda. */
  private static final double SELU_ALPHA = 1.6732632423543772;

  private static final double SELU_SCALE = 1.0507009873554805;

  private TorchActivations() {}

  /** From the first buffer to the second, or from two to the third. */
  static TorchKernel of(final String name, final KernelBuffers buffers) {
    if (name.equals("add") || name.equals("relu-gradient")) {
      return ofTwo(name, buffers);
    }
    final Tensor from = buffers.rows(0);
    final Tensor to = buffers.rows(1);
    return new TorchKernel(pass(name, from, to), List.of(new TorchKernel.Output(1, to)));
  }

  private static Runnable pass(final String name, final Tensor from, final Tensor to) {
    return switch (name) {
      case "relu" -> () -> torch.relu_out(to, from);
      case "relu6" -> {
        final Scalar least = new Scalar(0);
        final Scalar greatest = new Scalar(6);
        yield () -> torch.hardtanh_out(to, from, least, greatest);
      }
      case "sigmoid" -> () -> torch.sigmoid_out(to, from);
      case "hard_sigmoid" -> () -> torch.hardsigmoid_out(to, from);
      case "tanh" -> () -> torch.tanh_out(to, from);
      case "gelu" -> () -> torch.gelu_out(to, from);
      case "gelu_tanh" -> () -> torch.gelu_out(to, from, "tanh");
      case "silu" -> () -> torch.silu_out(to, from);
      case "mish" -> () -> torch.mish_out(to, from);
      case "softplus" -> () -> torch.softplus_out(to, from);
      case "elu" -> () -> torch.elu_out(to, from);
      case "selu" -> {
        final Scalar alpha = new Scalar(SELU_ALPHA);
        final Scalar scale = new Scalar(SELU_SCALE);
        final Scalar one = new Scalar(1);
        yield () -> torch.elu_out(to, from, alpha, scale, one);
      }
      case "leaky_relu" -> () -> torch.leaky_relu_out(to, from);
      case "exponential" -> () -> torch.exp_out(to, from);
      default -> throw new IllegalStateException("no activation " + name);
    };
  }

  private static TorchKernel ofTwo(final String name, final KernelBuffers buffers) {
    final Tensor a = buffers.rows(0);
    final Tensor b = buffers.rows(1);
    final Tensor to = buffers.rows(2);
    final Scalar zero = new Scalar(0);
    final Runnable pass =
        name.equals("add")
            ? () -> torch.add_out(to, a, b)
            : () -> torch.threshold_backward_out(to, b, a, zero);
    return new TorchKernel(pass, List.of(new TorchKernel.Output(2, to)));
  }
}
