package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.op.Attention;
import dev.gradus.graph.op.AttentionGradient;
import java.util.List;

/** Rows of attention. */
final class AttentionRows {
  /** Capacity, steps, heads, size of a head. */
  private static final int[][] SIZES = {
    {1, 1, 1, 1}, {2, 3, 2, 3}, {3, 5, 1, 8}, {5, 17, 3, 2}, {4, 9, 2, 17}
  };

  private AttentionRows() {}

  static List<OpRow> rows() {
    return List.of(attention(), attentionGradient());
  }

  private static OpRow attention() {
    final OpRow row = new OpRow(Attention.class, AttentionReferences::attention).differentiable(0);
    for (final boolean causal : new boolean[] {false, true}) {
      for (final int[] size : SIZES) {
        row.samples(
            List.of(
                new Sample(
                    new Attention(size[2], causal),
                    size[0],
                    List.of(batched(size[1], 3 * size[2] * size[3])),
                    List.of(Draw.normal()))));
      }
    }
    return row.refuses(
            "shape of input of attention mismatch: expected=[N,steps,3*2*d], actual=[N,3,15]",
            new Attention(2, false),
            batched(3, 15))
        .refuses(
            "element type of input of attention mismatch: expected=FLOAT32, actual=INT32",
            new Attention(2, false),
            labels(3, 12));
  }

  private static OpRow attentionGradient() {
    final OpRow row = new OpRow(AttentionGradient.class, AttentionReferences::attentionGradient);
    for (final boolean causal : new boolean[] {false, true}) {
      for (final int[] size : SIZES) {
        final int features = size[2] * size[3];
        row.samples(
            List.of(
                new Sample(
                    new AttentionGradient(new Attention(size[2], causal)),
                    size[0],
                    List.of(
                        batched(size[1], 3 * features),
                        batched(size[2], size[1], size[1]),
                        batched(size[1], features)),
                    List.of(Draw.normal(), Draw.probabilities(), Draw.normal()))));
      }
    }
    return row.refuses(
        "probabilities of attention_gradient mismatch:"
            + " expected=f32[N,2,3,3], actual=f32[N,1,3,3]",
        new AttentionGradient(new Attention(2, false)),
        batched(3, 12),
        batched(1, 3, 3),
        batched(3, 4));
  }
}
