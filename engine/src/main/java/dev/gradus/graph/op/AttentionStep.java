package dev.gradus.graph.op;

import dev.gradus.gemm.GemmKernel;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.Softmax;
import dev.gradus.memory.Shape;

/** {@link Attention}, head by head. */
final class AttentionStep extends HeadStep {
  private final boolean causal;
  private final GemmKernel scores;
  private final GemmKernel mix;
  private final Softmax softmax;
  private final Fill fill;
  private final long x;
  private final long out;
  private final long probabilities;

  private AttentionStep(
      final Attention op,
      final Node node,
      final Backend backend,
      final GemmKernel scores,
      final GemmKernel mix,
      final Placement placement) {
    super(op.heads(), backend, node.output().shape(), placement.scratch(), scores, mix);
    this.causal = op.causal();
    this.scores = scores;
    this.mix = mix;
    this.softmax = Softmax.of(backend.mode());
    this.fill = Fill.of(backend.mode());
    this.x = placement.input(0);
    this.out = placement.output(0);
    this.probabilities = placement.output(1);
  }

  static Prepared prepare(final Attention op, final Node node, final Backend backend) {
    final Shape shape = node.output().shape();
    final int t = shape.dim(1);
    final int width = shape.last();
    final int d = width / op.heads();
    final GemmKernel scores =
        product(backend, t, t, d, false, true, scale(d), 3 * width, 3 * width, t);
    final GemmKernel mix = product(backend, t, d, t, false, false, 1f, t, 3 * width, width);
    return new Prepared(
        backend.mode() + " heads, " + scores.description(),
        stride(scores, mix) * backend.team().threads(),
        placement -> new AttentionStep(op, node, backend, scores, mix, placement));
  }

  @Override
  void head(final int row, final int head, final int worker) {
    final long p = square(probabilities, row, head);
    final long queries = at(x, row, head, 0, 3);
    multiply(scores, worker, steps, steps, d, queries, at(x, row, head, 1, 3), p);
    if (causal) {
      for (int step = 0; step < steps; step++) {
        final long seen = p + (long) step * steps * Float.BYTES;
        softmax.run(seen, seen, 1, step + 1L);
        fill.run(seen + (step + 1L) * Float.BYTES, 0f, steps - 1L - step);
      }
    } else {
      softmax.run(p, p, steps, steps);
    }
    multiply(mix, worker, steps, d, steps, p, at(x, row, head, 2, 3), at(out, row, head, 0, 1));
  }
}
