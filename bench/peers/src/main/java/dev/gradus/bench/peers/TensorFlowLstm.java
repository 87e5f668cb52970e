package dev.gradus.bench.peers;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.BlockLSTM;
import org.tensorflow.op.nn.BlockLSTMGrad;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * TensorFlow's LSTM in one op over the whole sequence, steps first, of which the last step's output
 * counts. Java has no gradient of it by name, but the op that Python's has. That always computes
 * the gradient of the input, too.
 */
final class TensorFlowLstm {
  private final Ops ops;
  private final long steps;
  private final long batch;
  private final long units;
  private final Operand<TFloat32> x;
  private final Operand<TFloat32> weight;
  private final Operand<TFloat32> bias;
  private final Operand<TInt64> count;
  private final Operand<TFloat32> state; // zeros, before the first step
  private final Operand<TFloat32> peephole; // not used
  private final BlockLSTM<TFloat32> forward;

  /**
   * Builds it.
   *
   * @param x (steps, batch, features).
   * @param weight (features + units, 4 units), gates in PyTorch's order.
   * @param bias (4 units).
   */
  TensorFlowLstm(
      final Ops ops,
      final Operand<TFloat32> x,
      final Shape shape,
      final Operand<TFloat32> weight,
      final Operand<TFloat32> bias,
      final long units) {
    this.ops = ops;
    this.steps = shape.get(0);
    this.batch = shape.get(1);
    this.units = units;
    this.x = x;
    this.weight = weight;
    this.bias = bias;
    this.count = ops.constant(steps);
    this.state = zeros(batch, units);
    this.peephole = zeros(units);
    this.forward =
        ops.nn.blockLSTM(count, x, state, state, weight, peephole, peephole, peephole, bias);
  }

  private Operand<TFloat32> zeros(final long... shape) {
    return ops.zeros(ops.constant(shape), TFloat32.class);
  }

  /** The last step's output, (batch, units). */
  Operand<TFloat32> last() {
    final Operand<TFloat32> one =
        ops.slice(
            forward.h(),
            ops.constant(new long[] {steps - 1, 0, 0}),
            ops.constant(new long[] {1, batch, units}));
    return ops.reshape(one, ops.constant(new long[] {batch, units}));
  }

  /** The gradients of weight and bias. */
  List<Operand<TFloat32>> gradient(final Operand<TFloat32> dLast) {
    final Operand<TFloat32> step = ops.reshape(dLast, ops.constant(new long[] {1, batch, units}));
    final Operand<TFloat32> dOutput =
        ops.pad(
            step, ops.constant(new long[][] {{steps - 1, 0}, {0, 0}, {0, 0}}), ops.constant(0f));
    final BlockLSTMGrad<TFloat32> back =
        ops.nn.blockLSTMGrad(
            count,
            x,
            state,
            state,
            weight,
            peephole,
            peephole,
            peephole,
            bias,
            forward.i(),
            forward.cs(),
            forward.f(),
            forward.o(),
            forward.ci(),
            forward.co(),
            forward.h(),
            zeros(steps, batch, units),
            dOutput,
            false);
    return List.of(back.wGrad(), back.bGrad());
  }
}
