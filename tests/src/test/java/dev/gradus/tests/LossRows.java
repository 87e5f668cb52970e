package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.op.ElementwiseLoss;
import dev.gradus.graph.op.ElementwiseLossGradient;
import dev.gradus.graph.op.Mean;
import dev.gradus.graph.op.MeanGradient;
import dev.gradus.kernel.LossFunction;
import dev.gradus.kernel.SquaredError;
import java.util.List;

/** The rows of losses in {@link OpTable}. */
final class LossRows {
  private LossRows() {}

  static List<OpRow> rows() {
    return List.of(mean(), meanGradient(), elementwiseLoss(), elementwiseLossGradient());
  }

  private static OpRow mean() {
    return new OpRow(Mean.class, MeanReferences::mean)
        .samples(Samples.means(new Mean(), false))
        .samples(Samples.means(new Mean(), true))
        .differentiable(0)
        .refuses("number of inputs of mean mismatch: expected=1, actual=0", new Mean())
        .refuses(
            "element type of input of mean mismatch: expected=FLOAT32, actual=INT32",
            new Mean(),
            labels(3))
        .refuses(
            "weights of mean mismatch: expected=f32[N], actual=f32[N,3]",
            new Mean(),
            batched(3),
            batched(3))
        .refuses(
            "weights of mean mismatch: expected=f32[4], actual=f32[N]",
            new Mean(),
            fixed(4, 3),
            batched());
  }

  private static OpRow meanGradient() {
    return new OpRow(MeanGradient.class, MeanReferences::meanGradient)
        .samples(Samples.meanGradients(false))
        .samples(Samples.meanGradients(true))
        .refuses(
            "loss gradient of mean_gradient mismatch: expected=f32[1], actual=f32[N]",
            new MeanGradient(),
            batched(),
            batched(3))
        .refuses(
            "weights of mean mismatch: expected=f32[N], actual=f32[3]",
            new MeanGradient(),
            fixed(1),
            batched(3),
            fixed(3));
  }

  private static OpRow elementwiseLoss() {
    final ElementwiseLoss mse = new ElementwiseLoss(new SquaredError());
    final OpRow row =
        new OpRow(ElementwiseLoss.class, LossFunctionReference::rows)
            .differentiable(0)
            .refuses(
                "second input of mse mismatch: expected=f32[N,3], actual=f32[N,4]",
                mse,
                batched(3),
                batched(4))
            .refuses(
                "rank of prediction of mse mismatch: expected=2 or more, actual=[3]",
                mse,
                fixed(3),
                fixed(3));
    for (final LossFunctionReference reference : LossFunctionReference.all()) {
      final ElementwiseLoss op = new ElementwiseLoss(reference.function());
      row.samples(Samples.sameShape(op, List.of(reference.predictions(), reference.targets())));
    }
    return row;
  }

  private static OpRow elementwiseLossGradient() {
    final LossFunction mse = new SquaredError();
    final OpRow row =
        new OpRow(ElementwiseLossGradient.class, LossFunctionReference::gradient)
            .refuses(
                "number of inputs of mse_gradient mismatch: expected=3, actual=2",
                new ElementwiseLossGradient(mse),
                batched(3),
                batched(3))
            .refuses(
                "gradient of the rows of mse_gradient mismatch: expected=f32[N], actual=f32[N,1]",
                new ElementwiseLossGradient(mse),
                batched(3),
                batched(3),
                batched(1));
    for (final LossFunctionReference reference : LossFunctionReference.all()) {
      row.samples(
          Samples.lossGradient(
              new ElementwiseLossGradient(reference.function()),
              reference.predictions(),
              reference.targets()));
    }
    return row;
  }
}
