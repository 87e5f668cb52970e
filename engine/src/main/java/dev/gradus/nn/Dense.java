package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.MatMul;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Linear;
import dev.gradus.kernel.Relu;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/**
 * A fully connected layer, {@code f(x W + b)}: x is (..., in), W "weight" (in, units), b "bias"
 * (units).
 *
 * @param activation f; null for linear.
 * @param weights how W starts; b starts at zero.
 */
public record Dense(int units, Activation activation, Initializer weights) implements Layer {
  public Dense {
    activation = activation instanceof Linear ? null : activation;
    if (units < 1) {
      throw GradusException.outOfRange("units of dense", "1 or more", units);
    }
    if (weights == null) {
      throw GradusException.mismatch("weights of dense", "an initializer", null);
    }
  }

  /** A linear layer: Glorot uniform. */
  public Dense(final int units) {
    this(units, null);
  }

  /** He normal for ReLU, else Glorot uniform. */
  public Dense(final int units, final Activation activation) {
    this(
        units,
        activation,
        activation == Relu.INSTANCE ? Initializers.heNormal() : Initializers.glorotUniform());
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() < 2) {
      throw GradusException.mismatch("shape of input of dense", "[N,...,features]", input.shape());
    }
    final int in = input.shape().last();
    final Value weight = scope.parameter("weight", Shape.of(in, units), weights, in, units);
    final Value bias = scope.parameter("bias", Shape.of(units), Initializers.zeros(), in, units);
    final Value product = scope.graph().apply(MatMul.PLAIN, input, weight);
    final Value sum = scope.graph().apply(new AddBias(), product, bias);
    return activation == null ? sum : scope.graph().apply(new Activate(activation), sum);
  }

  @Override
  public String describe() {
    return "dense(" + units + (activation == null ? "" : "," + activation.describe()) + ")";
  }
}
