package dev.gradus.graph.op;

import dev.gradus.gemm.Epilogue;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * The matrix product {@code op(a) * op(b)}. Operands of more than two dimensions are taken as
 * matrices of their last dimension: {@code [N,T,in] * [in,out] = [N,T,out]}.
 *
 * <ul>
 *   <li>not transposed: a is (..., k), b is (k, n), the result (..., n);
 *   <li>{@code transposeB}: b is (n, k);
 *   <li>{@code transposeA}: a is (..., m), b is (..., n) over the same leading dimensions, the
 *       result (m, n), summed over all of them, the batch too.
 * </ul>
 */
public record MatMul(boolean transposeA, boolean transposeB) implements Op {
  /** {@code a * b}. */
  public static final MatMul PLAIN = new MatMul(false, false);

  /** {@code a^T * b}. */
  public static final MatMul TRANSPOSE_A = new MatMul(true, false);

  /** {@code a * b^T}. */
  public static final MatMul TRANSPOSE_B = new MatMul(false, true);

  public MatMul {
    if (transposeA && transposeB) {
      throw GradusException.mismatch("transposes of a matrix product", "at most one", "both");
    }
  }

  @Override
  public String name() {
    return "matmul" + (transposeA ? "_ta" : "") + (transposeB ? "_tb" : "");
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    final TensorType a = inputs.get(0);
    final TensorType b = inputs.get(1);
    Types.requireRank("first input of " + name(), a, 2);
    Types.requireRank("second input of " + name(), b, 2);
    if (transposeA) {
      Types.requireSame(
          "leading dimensions of second input of " + name(),
          TensorType.float32(a.shape().withLast(1)),
          TensorType.float32(b.shape().withLast(1)));
      return List.of(TensorType.float32(Shape.of(a.shape().last(), b.shape().last())));
    }
    final int k = a.shape().last();
    final boolean fits =
        b.shape().rank() == 2 && !b.shape().isBatched() && b.shape().dim(transposeB ? 1 : 0) == k;
    if (!fits) {
      final String expected = transposeB ? "[n," + k + "]" : "[" + k + ",n]";
      throw GradusException.mismatch("shape of second input of " + name(), expected, b.shape());
    }
    return List.of(TensorType.float32(a.shape().withLast(b.shape().dim(transposeB ? 0 : 1))));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value a = node.input(0);
    final Value b = node.input(1);
    final Value dC = dOutputs.get(0);
    if (transposeA) { // c = a^T b: da = b dc^T, db = a dc
      return Arrays.asList(graph.apply(TRANSPOSE_B, b, dC), graph.apply(PLAIN, a, dC));
    }
    if (transposeB) { // c = a b^T: da = dc b, db = dc^T a
      return Arrays.asList(graph.apply(PLAIN, dC, b), graph.apply(TRANSPOSE_A, dC, a));
    }
    return Arrays.asList(graph.apply(TRANSPOSE_B, dC, b), graph.apply(TRANSPOSE_A, a, dC));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return GemmStep.prepare(this, Epilogue.NONE, node, backend, capacity);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final Shape a = node.input(0).shape();
    return 2
        * a.elements(rows)
        * (transposeB ? node.input(1).shape().dim(0) : node.input(1).shape().last());
  }
}
