package dev.gradus.bench.peers;

import dev.gradus.bench.kernel.Loops;
import dev.gradus.bench.kernel.NormLoops;
import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Kernels of libtorch over rows, channels and planes. */
final class TorchRows {
  static final List<String> NAMES =
      List.of(
          "sum",
          "softmax",
          "cross-entropy",
          "layer-norm",
          "batch-norm",
          "max-pool",
          "average-pool");

  private static final long MEAN = 1; // of its kinds of reduction
  private static final long NO_LABEL = -100;
  private static final int FLOAT32 = 6; // of its types

  private TorchRows() {}

  static TorchKernel of(final String name, final KernelBuffers buffers) {
    return switch (name) {
      case "sum" -> {
        final Tensor from = buffers.rows(0);
        final Tensor to = Tensor.create(0f);
        yield kernel(1, to, () -> torch.sum_out(to, from));
      }
      case "softmax" -> {
        final Tensor from = buffers.rows(0);
        final Tensor to = buffers.rows(1);
        yield kernel(1, to, () -> torch.softmax_out(to, from, 1));
      }
      case "cross-entropy" -> crossEntropy(buffers);
      case "layer-norm" -> layerNorm(buffers);
      case "batch-norm" -> batchNorm(buffers);
      case "max-pool" -> {
        final Tensor from = planes(buffers);
        final Tensor to = pooled(buffers);
        final Tensor indices = pooled(buffers).to(torch.ScalarType.Long);
        final long[] two = {2, 2};
        final long[] one = {1, 1};
        final long[] none = {0, 0};
        yield kernel(
            1,
            to,
            () -> torch.max_pool2d_with_indices_out(to, indices, from, two, two, none, one, false));
      }
      case "average-pool" -> {
        final Tensor from = planes(buffers);
        final Tensor to = pooled(buffers);
        final long[] two = {2, 2};
        final long[] none = {0, 0};
        final LongOptional divisor = new LongOptional();
        yield kernel(
            1, to, () -> torch.avg_pool2d_out(to, from, two, two, none, false, true, divisor));
      }
      default -> throw new IllegalStateException("no kernel " + name);
    };
  }

  private static TorchKernel kernel(final int buffer, final Tensor to, final Runnable pass) {
    return new TorchKernel(pass, List.of(new TorchKernel.Output(buffer, to)));
  }

  private static Tensor planes(final KernelBuffers buffers) {
    return buffers.tensor(0, 1, buffers.elements / Loops.COLUMNS, Loops.SIDE, Loops.SIDE);
  }

  private static Tensor pooled(final KernelBuffers buffers) {
    final int side = Loops.SIDE / 2;
    return buffers.tensor(1, 1, buffers.elements / Loops.COLUMNS, side, side);
  }

  /** The four kernels that its autograd calls, over tensors that are there. */
  private static TorchKernel crossEntropy(final KernelBuffers buffers) {
    final Tensor logits = buffers.rows(0);
    final Tensor logarithms = buffers.rows(1);
    final Tensor dLogarithms = buffers.rows(1);
    final Tensor dLogits = buffers.rows(1);
    final long[] classes = new long[buffers.elements / Loops.COLUMNS];
    for (int r = 0; r < classes.length; r++) {
      classes[r] = r % Loops.COLUMNS;
    }
    final Tensor labels = Tensor.create(classes, classes.length);
    final Tensor loss = Tensor.create(0f);
    final Tensor weight = Tensor.create(0f);
    final Tensor one = Tensor.create(1f);
    final TensorOptional none = new TensorOptional();
    final TorchOperator back =
        new TorchOperator(
            "_log_softmax_backward_data",
            "out",
            new IValue(dLogarithms),
            new IValue(logarithms),
            new IValue(1L),
            new IValue((long) FLOAT32),
            new IValue(dLogits));
    return kernel(
        1,
        dLogits,
        () -> {
          torch.log_softmax_out(logarithms, logits, 1);
          torch.nll_loss_forward_out(loss, weight, logarithms, labels, none, MEAN, NO_LABEL);
          torch.nll_loss_backward_out(
              dLogarithms, one, logarithms, labels, none, MEAN, NO_LABEL, weight);
          back.run();
        });
  }

  private static TorchKernel layerNorm(final KernelBuffers buffers) {
    final long rows = buffers.elements / Loops.COLUMNS;
    final Tensor from = buffers.rows(0);
    final Tensor to = buffers.rows(1);
    final Tensor mean = buffers.tensor(1, rows, 1);
    final Tensor inverse = buffers.tensor(1, rows, 1);
    final TensorOptional scale = new TensorOptional(buffers.tensor(2, Loops.COLUMNS));
    final TensorOptional shift = new TensorOptional(buffers.tensor(3, Loops.COLUMNS));
    final long[] shape = {Loops.COLUMNS};
    return kernel(
        1,
        to,
        () ->
            torch.native_layer_norm_out(
                to, mean, inverse, from, shape, scale, shift, NormLoops.EPSILON));
  }

  private static TorchKernel batchNorm(final KernelBuffers buffers) {
    final long channels = NormLoops.channels(buffers.elements);
    final long[] shape = {
      buffers.elements / Loops.COLUMNS / channels, channels, Loops.SIDE, Loops.SIDE
    };
    final Tensor from = buffers.tensor(0, shape);
    final Tensor to = buffers.tensor(1, shape);
    final Tensor mean = buffers.tensor(1, channels);
    final Tensor inverse = buffers.tensor(1, channels);
    final TensorOptional scale = new TensorOptional(buffers.tensor(2, channels));
    final TensorOptional shift = new TensorOptional(buffers.tensor(3, channels));
    final TensorOptional none = new TensorOptional();
    return kernel(
        1,
        to,
        () ->
            torch.native_batch_norm_out(
                to, mean, inverse, from, scale, shift, none, none, true, 0, NormLoops.EPSILON));
  }
}
