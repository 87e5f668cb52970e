package dev.gradus.nn;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Multiply;
import dev.gradus.graph.op.Reshape;
import dev.gradus.graph.op.Scale;
import dev.gradus.graph.op.Subtract;
import dev.gradus.graph.op.SumAxis;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/**
 * How much pairs of embeddings agree: the sum of all {@code v_i . v_j} with i below j, of vectors
 * (N,columns,features) to (N,1). Computed as {@code sum((sum v_i)^2 - sum v_i^2) / 2}, which takes
 * the columns once, not their pairs. No parameters.
 *
 * <p>Source: Rendle 2010; Guo et al. 2017 (DeepFM).
 */
public record FactorizationMachine() implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() != 3) {
      throw GradusException.mismatch(
          "shape of input of factorization_machine", "[N,columns,features]", input.shape());
    }
    final Graph graph = scope.graph();
    final Value sum = graph.apply(new SumAxis(1), input);
    final Value squareOfSum = graph.apply(new Multiply(), sum, sum);
    final Value squares = graph.apply(new Multiply(), input, input);
    final Value sumOfSquares = graph.apply(new SumAxis(1), squares);
    final Value twice = graph.apply(new Subtract(), squareOfSum, sumOfSquares);
    final Value total = graph.apply(new SumAxis(2), graph.apply(new Scale(0.5f), twice));
    return graph.apply(new Reshape(Shape.batched(1)), total);
  }

  @Override
  public String describe() {
    return "factorization_machine()";
  }
}
