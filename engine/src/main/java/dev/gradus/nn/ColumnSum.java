package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Reshape;
import dev.gradus.graph.op.SumAxis;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/**
 * The sum of the vectors of all columns: (N,columns,features) in, (N,features) out. Behind {@link
 * Categorical} it is a linear model of one-hot categories. No parameters.
 */
public record ColumnSum() implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() != 3) {
      throw GradusException.mismatch(
          "shape of input of column_sum", "[N,columns,features]", input.shape());
    }
    final Value sum = scope.graph().apply(new SumAxis(1), input);
    return scope.graph().apply(new Reshape(Shape.batched(input.shape().last())), sum);
  }

  @Override
  public String describe() {
    return "column_sum()";
  }
}
