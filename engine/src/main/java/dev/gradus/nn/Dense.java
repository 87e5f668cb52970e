package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.MatMul;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Linear;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/**
 * A fully connected layer, {@code f(x W + b)}: x is (..., in), W "weight" (in, units), b "bias"
 * (units).
 *
 * @param activation f; null for linear.
 * @param weights how W starts.
 * @param bias how b starts.
 */
public record Dense(int units, Activation activation, Initializer weights, Initializer bias)
    implements Layer {
  // One for all, so that equal layers are equal.
  private static final Initializer ZEROS = Initializers.zeros();

  public Dense {
    activation = activation instanceof Linear ? null : activation;
    if (units < 1) {
      throw GradusException.outOfRange("units of dense", "1 or more", units);
    }
    if (weights == null) {
      throw GradusException.mismatch("weights of dense", "an initializer", null);
    }
    if (bias == null) {
      throw GradusException.mismatch("bias of dense", "an initializer", null);
    }
  }

  /** With a bias of zero. */
  public Dense(final int units, final Activation activation, final Initializer weights) {
    this(units, activation, weights, ZEROS);
  }

  /** A linear layer: Glorot uniform. */
  public Dense(final int units) {
    this(units, null);
  }

  /** Weights as {@link Initializers#usualFor}. */
  public Dense(final int units, final Activation activation) {
    this(units, activation, Initializers.usualFor(activation));
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() < 2) {
      throw GradusException.mismatch("shape of input of dense", "[N,...,features]", input.shape());
    }
    final int in = input.shape().last();
    final Value weight = scope.parameter("weight", Shape.of(in, units), weights, in, units);
    final Value offset = scope.parameter("bias", Shape.of(units), bias, in, units);
    final Value product = scope.graph().apply(MatMul.PLAIN, input, weight);
    final Value sum = scope.graph().apply(new AddBias(), product, offset);
    return activation == null ? sum : scope.graph().apply(new Activate(activation), sum);
  }

  @Override
  public String describe() {
    return "dense(" + units + (activation == null ? "" : "," + activation.describe()) + ")";
  }
}
