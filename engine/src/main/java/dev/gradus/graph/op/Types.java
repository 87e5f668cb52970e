package dev.gradus.graph.op;

import dev.gradus.graph.Value;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** Checks of input types that several ops share. */
final class Types {
  /** The type of a loss. */
  static final TensorType SCALAR = TensorType.float32(Shape.of(1));

  private Types() {}

  static void requireCount(final String op, final List<TensorType> inputs, final int expected) {
    if (inputs.size() != expected) {
      throw GradusException.mismatch("number of inputs of " + op, expected, inputs.size());
    }
  }

  static void requireSame(final String what, final TensorType expected, final TensorType actual) {
    if (!expected.equals(actual)) {
      throw GradusException.mismatch(what, expected, actual);
    }
  }

  static void requireFloat(final String what, final TensorType type) {
    if (type.dtype() != DType.FLOAT32) {
      throw GradusException.mismatch("element type of " + what, DType.FLOAT32, type.dtype());
    }
  }

  /** The shape rule of an elementwise op of two float tensors of the same shape. */
  static List<TensorType> elementwise(final String op, final List<TensorType> inputs) {
    requireCount(op, inputs, 2);
    requireFloat("first input of " + op, inputs.get(0));
    requireSame("second input of " + op, inputs.get(0), inputs.get(1));
    return List.of(inputs.get(0));
  }

  /** Checks that nothing that is differentiated reads an output behind the first. */
  static void requireOnlyFirst(final String op, final List<Value> dOutputs) {
    for (int output = 1; output < dOutputs.size(); output++) {
      if (dOutputs.get(output) != null) {
        throw new GradusException(
            op + " has a gradient by its first output alone: expected=1 read, actual=" + output);
      }
    }
  }

  /** A float tensor of at least {@code rank} dimensions. */
  static void requireRank(final String what, final TensorType type, final int rank) {
    requireFloat(what, type);
    if (type.shape().rank() < rank) {
      throw GradusException.mismatch("rank of " + what, rank + " or more", type.shape());
    }
  }

  /** What a loss makes of a prediction: one float for each vector of its last dimension. */
  static TensorType rows(final String what, final TensorType prediction) {
    requireRank(what, prediction, 2);
    return TensorType.float32(prediction.shape().withoutLast());
  }
}
