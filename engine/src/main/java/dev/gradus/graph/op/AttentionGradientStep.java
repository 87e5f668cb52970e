package dev.gradus.graph.op;

import dev.gradus.gemm.GemmKernel;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.kernel.SoftmaxGradient;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;

/** {@link AttentionGradient}, head by head. */
final class AttentionGradientStep extends HeadStep {
  private final Products products;
  private final SoftmaxGradient softmax;
  private final long x;
  private final long probabilities;
  private final long dOut;
  private final long dX;
  private final long squares; // (threads,T,T)
  private final long squareBytes;

  /** The four products of a head. */
  private record Products(
      GemmKernel dProbabilities, GemmKernel dQueries, GemmKernel dKeys, GemmKernel dValues) {
    long stride() {
      return HeadStep.stride(dProbabilities, dQueries, dKeys, dValues);
    }
  }

  private AttentionGradientStep(
      final Attention op,
      final Node node,
      final Backend backend,
      final Products products,
      final Placement placement) {
    super(
        op.heads(),
        backend,
        node.input(2).shape(),
        placement.scratch(),
        products.dProbabilities,
        products.dQueries,
        products.dKeys,
        products.dValues);
    this.products = products;
    this.softmax = SoftmaxGradient.of(backend.mode());
    this.x = placement.input(0);
    this.probabilities = placement.input(1);
    this.dOut = placement.input(2);
    this.dX = placement.output(0);
    this.squares = placement.scratch() + products.stride() * backend.team().threads();
    this.squareBytes = squareBytes(steps);
  }

  private static long squareBytes(final int steps) {
    return Slab.aligned((long) steps * steps * Float.BYTES);
  }

  static Prepared prepare(final Attention op, final Node node, final Backend backend) {
    final Shape shape = node.input(2).shape();
    final int t = shape.dim(1);
    final int width = shape.last();
    final int all = 3 * width;
    final int d = width / op.heads();
    final Products products =
        new Products(
            product(backend, t, t, d, false, true, 1f, width, all, t),
            product(backend, t, d, t, false, false, scale(d), t, all, all),
            product(backend, t, d, t, true, false, scale(d), t, all, all),
            product(backend, t, d, t, true, false, 1f, t, width, all));
    return new Prepared(
        backend.mode() + " heads, " + products.dProbabilities.description(),
        (products.stride() + squareBytes(t)) * backend.team().threads(),
        placement -> new AttentionGradientStep(op, node, backend, products, placement));
  }

  @Override
  void head(final int row, final int head, final int worker) {
    final long p = square(probabilities, row, head);
    final long dScores = squares + worker * squareBytes;
    final long dY = at(dOut, row, head, 0, 1);
    final long queries = at(x, row, head, 0, 3);
    final long keys = at(x, row, head, 1, 3);
    final long values = at(x, row, head, 2, 3);
    multiply(products.dValues, worker, steps, d, steps, p, dY, at(dX, row, head, 2, 3));
    multiply(products.dProbabilities, worker, steps, steps, d, dY, values, dScores);
    softmax.run(p, dScores, dScores, steps, steps);
    multiply(products.dQueries, worker, steps, d, steps, dScores, keys, at(dX, row, head, 0, 3));
    multiply(products.dKeys, worker, steps, d, steps, dScores, queries, at(dX, row, head, 1, 3));
  }
}
