package dev.gradus.bench.peers;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * An operator of libtorch that Java has no method for, called through its dispatcher with arguments
 * that stay: a call copies them natively, which takes well below a microsecond.
 */
final class TorchOperator implements Runnable {
  private final OperatorHandle operator;
  private final IValueVector arguments;
  private final IValueVector stack = new IValueVector();

  /**
   * Finds one.
   *
   * @param overload the part of its name behind the point, or nothing.
   */
  TorchOperator(final String name, final String overload, final IValue... arguments) {
    this.operator = Dispatcher.singleton().findSchemaOrThrow("aten::" + name, overload);
    this.arguments = new IValueVector(arguments);
  }

  @Override
  public void run() {
    stack.put(arguments);
    operator.callBoxed(stack);
  }

  /** A list as an argument. */
  static IValue list(final Tensor... tensors) {
    final GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
    for (final Tensor tensor : tensors) {
      list.push_back(new IValue(tensor));
    }
    return new IValue(list);
  }
}
