package dev.gradus.nn;

import dev.gradus.kernel.Philox;
import dev.gradus.memory.Tensor;

/**
 * Matrices with orthonormal rows or columns, evenly distributed among all such: normal draws made
 * orthogonal in double precision.
 *
 * <p>Source: Gram and Schmidt, each vector twice, after which it is orthogonal to rounding (Giraud,
 * Langou and Rozloznik, "The loss of orthogonality in the Gram-Schmidt orthogonalization process",
 * 2005). It is the QR decomposition whose R has a positive diagonal, which Mezzadri, "How to
 * generate random matrices from the classical compact groups", 2007, asks for.
 */
final class Orthogonal {
  private Orthogonal() {}

  static void fill(final Tensor tensor, final float gain, final long seed, final long stream) {
    final int rows = tensor.shape().dim(0);
    final int columns = Math.toIntExact(tensor.elements() / rows);
    Philox.normal(seed, stream, tensor.address(), tensor.elements(), 0f, 1f);
    final boolean wide = rows <= columns;
    final double[][] vectors = new double[wide ? rows : columns][wide ? columns : rows];
    for (int v = 0; v < vectors.length; v++) {
      for (int i = 0; i < vectors[v].length; i++) {
        vectors[v][i] = tensor.get(index(wide, columns, v, i));
      }
    }
    for (int v = 0; v < vectors.length; v++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int before = 0; before < v; before++) {
          subtract(vectors[v], vectors[before], dot(vectors[v], vectors[before]));
        }
      }
      final double length = Math.sqrt(dot(vectors[v], vectors[v]));
      for (int i = 0; i < vectors[v].length; i++) {
        vectors[v][i] /= length;
        tensor.set(index(wide, columns, v, i), (float) (gain * vectors[v][i]));
      }
    }
  }

  /** The place in the matrix of element {@code i} of vector {@code v}. */
  private static long index(final boolean wide, final int columns, final int v, final int i) {
    return wide ? (long) v * columns + i : (long) i * columns + v;
  }

  private static double dot(final double[] a, final double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void subtract(final double[] from, final double[] direction, final double length) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= length * direction[i];
    }
  }
}
