package dev.gradus.bench.peers;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A kernel of libtorch over tensors that are there, as {@link dev.gradus.bench.kernel.Loops} has it
 * of Gradus.
 *
 * @param pass runs it once.
 * @param outputs what it leaves.
 */
record TorchKernel(Runnable pass, List<Output> outputs) {
  /**
   * An output.
   *
   * @param buffer where Gradus' kernel leaves the same.
   */
  record Output(int buffer, Tensor tensor) {}

  /** What there is of it. */
  static List<String> names() {
    final List<String> names = new ArrayList<>(TorchActivations.NAMES);
    names.addAll(TorchRows.NAMES);
    names.addAll(TorchUpdates.NAMES);
    return names;
  }

  /**
   * The kernel of that name.
   *
   * @param rate of updates.
   */
  static TorchKernel of(final String name, final KernelBuffers buffers, final float rate) {
    if (TorchActivations.NAMES.contains(name)) {
      return TorchActivations.of(name, buffers);
    }
    return TorchUpdates.NAMES.contains(name)
        ? TorchUpdates.of(name, buffers, rate)
        : TorchRows.of(name, buffers);
  }
}
