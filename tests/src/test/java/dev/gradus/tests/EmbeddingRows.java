package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.op.Embedding;
import dev.gradus.graph.op.EmbeddingGradient;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.RowUpdate;
import dev.gradus.optim.Sgd;
import dev.gradus.optim.StepScalars;
import dev.gradus.optim.Update;
import java.util.ArrayList;
import java.util.List;

/** Rows of embeddings. */
final class EmbeddingRows {
  /** Capacity, indices in a row, entries, features: few entries, so that many occur twice. */
  private static final int[][] SIZES = {
    {1, 1, 1, 1}, {3, 2, 4, 7}, {5, 3, 11, 8}, {13, 4, 300, 17}, {500, 9, 70, 9}
  };

  private EmbeddingRows() {}

  static List<OpRow> rows() {
    return List.of(embedding(), embeddingGradient(), rowUpdate());
  }

  private static OpRow embedding() {
    final OpRow row =
        new OpRow(dev.gradus.graph.op.Embedding.class, EmbeddingReferences::embedding)
            .differentiable(0);
    for (final int padding : new int[] {-1, 0}) {
      for (final int[] size : SIZES) {
        row.samples(
            List.of(
                new Sample(
                    new Embedding(padding),
                    size[0],
                    List.of(fixed(size[2], size[3]), labels(size[1])),
                    List.of(Draw.normal(), Draw.labels(size[2])))));
      }
      row.samples(
          List.of(
              new Sample(
                  new Embedding(padding),
                  3,
                  List.of(fixed(4, 3), labels()),
                  List.of(Draw.normal(), Draw.labels(4)))));
    }
    return row.refuses(
            "element type of indices of embedding mismatch: expected=INT32, actual=FLOAT32",
            new Embedding(-1),
            fixed(4, 3),
            batched(2))
        .refuses(
            "shape of table of embedding mismatch: expected=[entries,features], actual=[4]",
            new Embedding(-1),
            fixed(4),
            labels(2));
  }

  private static OpRow embeddingGradient() {
    final OpRow row = new OpRow(EmbeddingGradient.class, EmbeddingReferences::embeddingGradient);
    for (final int padding : new int[] {-1, 0}) {
      for (final int[] size : SIZES) {
        row.samples(
            List.of(
                new Sample(
                    new EmbeddingGradient(size[2], padding),
                    size[0],
                    List.of(labels(size[1]), batched(size[1], size[3])),
                    List.of(Draw.labels(size[2]), Draw.normal()))));
      }
    }
    return row.refuses(
        "indices of embedding_gradient mismatch: expected=i32[N,2], actual=i32[N,3]",
        new EmbeddingGradient(4, -1),
        labels(3),
        batched(2, 5));
  }

  private static OpRow rowUpdate() {
    final OpRow row = new OpRow(RowUpdate.class, EmbeddingReferences::rowUpdate);
    final List<Optimizer> optimizers =
        List.of(
            new Sgd(0.05, 0.01),
            new Momentum(0.05, 0.8, true, 0.01),
            new Adam(0.01, 0.8, 0.99, 1e-3, 0.01));
    for (final Optimizer optimizer : optimizers) {
      final StepScalars scalars = new StepScalars(optimizer);
      scalars.advance();
      scalars.advance();
      for (final int[] size : SIZES) {
        final Shape table = Shape.of(size[2], size[3]);
        final List<TensorType> types =
            new ArrayList<>(
                List.of(TensorType.float32(table), labels(size[1]), batched(size[1], size[3])));
        final List<Draw> draws =
            new ArrayList<>(List.of(Draw.normal(), Draw.labels(size[2]), Draw.normal()));
        if (optimizer.slots() > 0) {
          types.add(TensorType.float32(Update.stateShape(optimizer, table)));
          draws.add(OptimizerReferences.state(optimizer));
        }
        for (final int padding : new int[] {-1, 0}) {
          row.samples(
              List.of(
                  new Sample(
                      new RowUpdate(new Update(optimizer, scalars), padding),
                      size[0],
                      types,
                      draws)));
        }
      }
    }
    final RowUpdate sgd = new RowUpdate(new Update(new Sgd(1), new StepScalars(new Sgd(1))), -1);
    return row.refuses(
            "number of inputs of sgd_rows out of range: expected=3 or more, actual=2",
            sgd,
            fixed(4, 3),
            labels(2))
        .refuses(
            "gradient of rows of sgd_rows mismatch: expected=f32[N,2,3], actual=f32[N,2,4]",
            sgd,
            fixed(4, 3),
            labels(2),
            batched(2, 4));
  }
}
