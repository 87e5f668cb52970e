package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.ElementwiseLoss;
import dev.gradus.graph.op.ElementwiseLossGradient;
import dev.gradus.graph.op.LabelWeight;
import dev.gradus.graph.op.Mean;
import dev.gradus.graph.op.MeanGradient;
import dev.gradus.graph.op.RowLoss;
import dev.gradus.graph.op.RowLossGradient;
import dev.gradus.kernel.ClassWeights;
import dev.gradus.kernel.CosineDistance;
import dev.gradus.kernel.Dice;
import dev.gradus.kernel.LossFunction;
import dev.gradus.kernel.NegativeLogLikelihood;
import dev.gradus.kernel.SquaredError;
import dev.gradus.kernel.TripletMargin;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/** The rows of losses in {@link OpTable}. */
final class LossRows {
  private LossRows() {}

  static List<OpRow> rows() {
    return List.of(
        mean(),
        meanGradient(),
        elementwiseLoss(),
        elementwiseLossGradient(),
        rowLoss(),
        rowLossGradient(),
        labelWeight());
  }

  private static OpRow mean() {
    return new OpRow(Mean.class, MeanReferences::mean)
        .samples(Samples.means(new Mean(), false))
        .samples(Samples.means(new Mean(), true))
        .samples(Samples.means(new Mean(true), false))
        .samples(Samples.means(new Mean(true), true))
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
            "counts of mean mismatch: expected=f32[N,3], actual=f32[N]",
            new Mean(true),
            batched(3),
            batched())
        .refuses(
            "weights of mean mismatch: expected=f32[4], actual=f32[N]",
            new Mean(),
            fixed(4, 3),
            batched());
  }

  private static OpRow meanGradient() {
    return new OpRow(MeanGradient.class, MeanReferences::meanGradient)
        .samples(Samples.meanGradients(false, false))
        .samples(Samples.meanGradients(false, true))
        .samples(Samples.meanGradients(true, false))
        .samples(Samples.meanGradients(true, true))
        .refuses(
            "loss gradient of mean_gradient mismatch: expected=f32[1], actual=f32[N]",
            new MeanGradient(false),
            batched(),
            batched(3))
        .refuses(
            "weights of mean mismatch: expected=f32[N], actual=f32[3]",
            new MeanGradient(false),
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

  private static OpRow rowLoss() {
    final OpRow row =
        new OpRow(RowLoss.class, RowLossReference::rows)
            .differentiable(0)
            .samples(threeClasses(false))
            .refuses(
                "targets of dice mismatch: expected=f32[N,3], actual=f32[N]",
                new RowLoss(new Dice(1f)),
                batched(3),
                batched())
            .refuses(
                "targets of nll mismatch: expected=i32[N], actual=f32[N]",
                new RowLoss(RowLossReference.weighted().function()),
                batched(3),
                batched())
            .refuses(
                "number of class weights mismatch: expected=4, actual=3",
                new RowLoss(RowLossReference.weighted().function()),
                batched(4),
                labels())
            .refuses(
                "columns of the prediction of triplet-margin mismatch: expected=a multiple of 3,"
                    + " actual=4",
                new RowLoss(new TripletMargin(1f)),
                batched(4),
                batched())
            .refuses(
                "rank of prediction of cosine mismatch: expected=2 or more, actual=[3]",
                new RowLoss(new CosineDistance()),
                fixed(3),
                fixed(3));
    for (final RowLossReference reference : RowLossReference.all()) {
      final RowLoss op = new RowLoss(reference.function());
      row.samples(
          Samples.rowLosses(
              op, reference.function(), reference.predictions(), reference.targets(), false));
    }
    return row;
  }

  private static OpRow rowLossGradient() {
    final OpRow row =
        new OpRow(RowLossGradient.class, RowLossReference::gradient)
            .samples(threeClasses(true))
            .refuses(
                "gradient of the rows of cosine_gradient mismatch: expected=f32[N],"
                    + " actual=f32[N,1]",
                new RowLossGradient(new CosineDistance()),
                batched(3),
                batched(3),
                batched(1));
    for (final RowLossReference reference : RowLossReference.all()) {
      final RowLossGradient op = new RowLossGradient(reference.function());
      row.samples(
          Samples.rowLosses(
              op, reference.function(), reference.predictions(), reference.targets(), true));
    }
    return row;
  }

  /** With a weight for each class. */
  private static List<Sample> threeClasses(final boolean gradient) {
    final RowLossReference reference = RowLossReference.weighted();
    final List<TensorType> types = new ArrayList<>(List.of(batched(3), labels()));
    final List<Draw> draws = new ArrayList<>(List.of(reference.predictions(), Draw.labels(3)));
    Op op = new RowLoss(reference.function());
    if (gradient) {
      types.add(batched());
      draws.add(Draw.normal());
      op = new RowLossGradient(reference.function());
    }
    return List.of(new Sample(op, 5, types, draws), new Sample(op, 70, types, draws));
  }

  private static OpRow labelWeight() {
    final LabelWeight ignoring =
        new LabelWeight(new NegativeLogLikelihood(ClassWeights.EQUAL, 0f, 2));
    final LabelWeight weighted =
        new LabelWeight(new NegativeLogLikelihood(ClassWeights.of(0.5f, 0f, 2f, 1f), 0f, 3));
    final List<Sample> samples = new ArrayList<>();
    for (final LabelWeight op : List.of(ignoring, weighted)) {
      for (final int[] dims : new int[][] {{}, {1}, {7}, {3, 5}}) {
        for (final int capacity : new int[] {1, 5, 4001}) {
          samples.add(new Sample(op, capacity, List.of(labels(dims)), List.of(Draw.labels(4))));
        }
      }
    }
    return new OpRow(LabelWeight.class, LossRows::labelWeights)
        .samples(samples)
        .refuses(
            "element type of labels of label_weight mismatch: expected=INT32, actual=FLOAT32",
            ignoring,
            batched());
  }

  private static List<RealTensor> labelWeights(final Op op, final List<RealTensor> inputs) {
    final boolean weighted = ((LabelWeight) op).function().ignoreIndex() == 3;
    final double[] weights = weighted ? new double[] {0.5, 0, 2, 0} : new double[] {1, 1, 0, 1};
    final RealTensor result = RealTensor.zeros(inputs.get(0).shape());
    for (int i = 0; i < result.length(); i++) {
      result.set(i, weights[(int) inputs.get(0).at(i)], 0);
    }
    return List.of(result);
  }
}
