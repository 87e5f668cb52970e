package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.AddSign;
import dev.gradus.graph.op.Clamp;
import dev.gradus.graph.op.ColumnSum;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.ScaleBy;
import dev.gradus.graph.op.WeightGradients;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.optim.Adam;
import dev.gradus.optim.KeepSum;
import dev.gradus.optim.MovingAverage;
import dev.gradus.optim.NormScale;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.ProductUpdate;
import dev.gradus.optim.Sgd;
import dev.gradus.optim.StepScalars;
import dev.gradus.optim.Update;
import dev.gradus.optim.WeightClip;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Rows of what is done to gradients before an update and with weights behind it. */
final class DescentRows {
  private static final int[] SIZES = {1, 7, 8, 9, 15, 16, 33, 4095, 4097, 300_001};

  private DescentRows() {}

  static List<OpRow> rows() {
    return List.of(
        addSign(),
        clamp(),
        scaleBy(),
        normScale(),
        movingAverage(),
        keepSum(),
        weightClip(),
        productUpdate(),
        weightGradients());
  }

  /** Batches that add up to one update, of which one or all have come. */
  private static StepScalars scalars(final boolean updating) {
    final StepScalars scalars = new StepScalars(new Sgd(0.1), 2);
    scalars.advance();
    if (updating) {
      scalars.advance();
    }
    return scalars;
  }

  private static OpRow addSign() {
    final Draw someZero = Draw.each(x -> Math.abs(x) < 0.5 ? 0 : x);
    return new OpRow(
            AddSign.class,
            (op, inputs) ->
                each(
                    inputs,
                    i -> {
                      final double sign = Math.signum(inputs.get(1).at(i));
                      return inputs.get(0).at(i) + ((AddSign) op).strength() * sign;
                    }))
        .samples(Samples.elementwise(new AddSign(0.3f), List.of(Draw.normal(), someZero)))
        .refuses(
            "second input of add_sign mismatch: expected=f32[3], actual=f32[4]",
            new AddSign(1),
            fixed(3),
            fixed(4));
  }

  private static OpRow clamp() {
    return new OpRow(
            Clamp.class,
            (op, inputs) -> {
              final double bound = ((Clamp) op).bound();
              return each(inputs, i -> Math.max(-bound, Math.min(bound, inputs.get(0).at(i))));
            })
        .samples(Samples.elementwise(new Clamp(0.7f), 1, Draw.normal()))
        .refuses(
            "element type of input of clamp mismatch: expected=FLOAT32, actual=INT32",
            new Clamp(1),
            labels(3));
  }

  private static OpRow scaleBy() {
    final OpRow row =
        new OpRow(
            ScaleBy.class,
            (op, inputs) -> each(inputs, i -> inputs.get(0).at(i) * inputs.get(1).at(0)));
    for (final int size : SIZES) {
      row.samples(List.of(sample(new ScaleBy(), fixed(size), fixed(1))));
    }
    return row.refuses(
        "second input of scale_by mismatch: expected=f32[1], actual=f32[3]",
        new ScaleBy(),
        fixed(3),
        fixed(3));
  }

  private static OpRow normScale() {
    final OpRow row = new OpRow(NormScale.class, DescentRows::normScale);
    for (final int size : SIZES) {
      row.samples(
          List.of(
              sample(new NormScale(0.1), fixed(size)),
              sample(new NormScale(1e6), fixed(size)),
              sample(new NormScale(3), fixed(3), fixed(size, 2), fixed(1), fixed(size))));
    }
    return row.refuses(
            "number of inputs of norm_scale mismatch: expected=1 or more, actual=0",
            new NormScale(1))
        .refuses(
            "input of norm_scale mismatch: expected=float32 of fixed shape, actual=f32[N,3]",
            new NormScale(1),
            batched(3));
  }

  /**
   * Bound: the sum of n squares is off by at most n / 16 + 20 roundings, all of one sign; the root
   * halves that.
   */
  private static List<RealTensor> normScale(final Op op, final List<RealTensor> inputs) {
    double sum = 0;
    for (final RealTensor input : inputs) {
      for (int i = 0; i < input.length(); i++) {
        sum += input.at(i) * input.at(i);
      }
    }
    final double scale = Math.min(1, ((NormScale) op).maxNorm() / (Math.sqrt(sum) + 1e-6));
    final RealTensor out = RealTensor.zeros(fixed(1).shape());
    out.set(0, scale, scale * (4096 / 16 + 20) / 2.0);
    return List.of(out);
  }

  private static OpRow movingAverage() {
    final OpRow row = new OpRow(MovingAverage.class, DescentRows::movingAverage);
    for (final int size : SIZES) {
      for (final boolean updating : new boolean[] {false, true}) {
        final MovingAverage op = new MovingAverage(0.9, scalars(updating));
        row.samples(List.of(sample(op, fixed(size), fixed(size))));
      }
    }
    return row.refuses(
        "average of moving_average mismatch: expected=f32[4], actual=f32[3]",
        new MovingAverage(0.9, scalars(true)),
        fixed(3),
        fixed(4));
  }

  private static List<RealTensor> movingAverage(final Op op, final List<RealTensor> inputs) {
    final MovingAverage average = (MovingAverage) op;
    final RealTensor out = RealTensor.zeros(inputs.get(0).shape());
    for (int i = 0; i < out.length(); i++) {
      final double old = inputs.get(0).at(i);
      final double share = average.scalars().updating() ? 1 - average.decay() : 0;
      final double move = share * (inputs.get(1).at(i) - old);
      out.set(i, old + move, share == 0 ? 0 : Math.abs(old + move) + 4 * Math.abs(move));
    }
    return List.of(out);
  }

  private static OpRow weightClip() {
    final OpRow row =
        new OpRow(
            WeightClip.class,
            (op, inputs) -> {
              final WeightClip clip = (WeightClip) op;
              final double bound =
                  clip.scalars().updating() ? clip.bound() : Double.POSITIVE_INFINITY;
              return each(inputs, i -> Math.clamp(inputs.get(0).at(i), -bound, bound));
            });
    for (final int size : SIZES) {
      for (final boolean updating : new boolean[] {false, true}) {
        row.samples(List.of(sample(new WeightClip(0.5f, scalars(updating)), fixed(size))));
      }
    }
    return row.refuses(
        "number of inputs of weight_clip mismatch: expected=1, actual=2",
        new WeightClip(1, scalars(true)),
        fixed(3),
        fixed(3));
  }

  private static OpRow keepSum() {
    final OpRow row =
        new OpRow(
            KeepSum.class,
            (op, inputs) -> {
              final boolean updating = ((KeepSum) op).scalars().updating();
              return each(inputs, i -> updating ? 0 : inputs.get(1).at(i));
            });
    for (final int size : SIZES) {
      for (final boolean updating : new boolean[] {false, true}) {
        row.samples(List.of(sample(new KeepSum(scalars(updating)), fixed(size), fixed(size))));
      }
    }
    return row.refuses(
        "sum of keep_sum mismatch: expected=f32[3], actual=f32[4]",
        new KeepSum(scalars(true)),
        fixed(3),
        fixed(4));
  }

  private static Sample sample(final Op op, final TensorType... types) {
    return new Sample(op, 1, List.of(types), Collections.nCopies(types.length, Draw.normal()));
  }

  /** An elementwise result of the first input's shape, off by one rounding at most. */
  private static List<RealTensor> each(
      final List<RealTensor> inputs, final IntToDoubleFunction function) {
    final RealTensor out = RealTensor.zeros(inputs.get(0).shape());
    for (int i = 0; i < out.length(); i++) {
      final double value = function.applyAsDouble(i);
      out.set(i, value, Math.abs(value));
    }
    return List.of(out);
  }

  private static OpRow productUpdate() {
    final OpRow row =
        new OpRow(
            ProductUpdate.class,
            (op, inputs) -> {
              final List<RealTensor> apart = new ArrayList<>(inputs);
              apart.subList(1, 3).clear();
              apart.add(1, product(inputs.get(1), inputs.get(2)));
              return UpdateReferences.update(((ProductUpdate) op).update(), apart);
            });
    final int[][] sizes = {
      {1, 1, 1}, {1, 7, 3}, {1, 300, 10}, {1, 130, 257}, {1, 3, 2100}, {3, 65, 64}
    };
    for (final Optimizer optimizer : List.of(new Sgd(0.05, 0.01), new Adam(0.01))) {
      final StepScalars scalars = new StepScalars(optimizer);
      scalars.advance();
      for (final int[] size : sizes) {
        final Shape weights = Shape.of(size[1], size[2]);
        final List<TensorType> types =
            new ArrayList<>(
                List.of(TensorType.float32(weights), batched(size[1]), batched(size[2])));
        final List<Draw> draws = new ArrayList<>(Collections.nCopies(3, Draw.normal()));
        if (optimizer.slots() > 0) {
          types.add(TensorType.float32(Update.stateShape(optimizer, weights)));
          draws.add(OptimizerReferences.state(optimizer));
        }
        final ProductUpdate op = new ProductUpdate(new Update(optimizer, scalars));
        row.samples(List.of(new Sample(op, size[0], types, draws)));
      }
    }
    final ProductUpdate sgd =
        new ProductUpdate(new Update(new Sgd(1), new StepScalars(new Sgd(1))));
    return row.refuses(
            "number of inputs of sgd_product out of range: expected=3 or more, actual=2",
            sgd,
            fixed(4, 3),
            batched(4))
        .refuses(
            "gradient of sgd mismatch: expected=f32[4,3], actual=f32[4,5]",
            sgd,
            fixed(4, 3),
            batched(4),
            batched(5));
  }

  /** More rows than a block has, and columns and rows enough to be cut among threads. */
  private static OpRow weightGradients() {
    final OpRow row = new OpRow(WeightGradients.class, DescentRows::weightGradients);
    final int[][] sizes = { // rows, n, m of each
      {1, 1, 1}, {3, 17, 5, 9}, {301, 40, 3}, {577, 401, 37, 1, 12}, {600, 130, 99, 31}
    };
    for (final boolean bias : new boolean[] {false, true}) {
      final WeightGradients op = new WeightGradients(bias);
      for (final int[] size : sizes) {
        final List<TensorType> types = new ArrayList<>();
        for (int i = 1; i < size.length; i++) {
          types.add(batched(size[i]));
        }
        final List<Draw> draws = Collections.nCopies(types.size(), Draw.normal());
        row.samples(List.of(new Sample(op, size[0], types, draws)));
      }
      final List<TensorType> types = List.of(batched(40, 33), batched(40, 7), batched(40, 16));
      row.samples(List.of(new Sample(op, 9, types, Collections.nCopies(3, Draw.normal()))));
    }
    return row.refuses(
            "number of inputs of weight_gradients out of range: expected=2 or more, actual=1",
            new WeightGradients(true),
            batched(4))
        .refuses(
            "leading dimensions of second input of matmul_ta mismatch:"
                + " expected=f32[N,3,1], actual=f32[N,1]",
            new WeightGradients(false),
            batched(4),
            batched(5),
            batched(3, 5));
  }

  private static List<RealTensor> weightGradients(final Op op, final List<RealTensor> inputs) {
    final RealTensor dY = inputs.get(0);
    final List<RealTensor> outputs = new ArrayList<>();
    for (final RealTensor a : inputs.subList(1, inputs.size())) {
      outputs.addAll(DenseReferences.matMul(MatMul.TRANSPOSE_A, List.of(a, dY)));
    }
    if (((WeightGradients) op).bias()) {
      outputs.addAll(DenseReferences.columnSum(new ColumnSum(), List.of(dY)));
    }
    return outputs;
  }

  /** {@code a^T b}, one chain of fused multiply-adds for each element: exact. */
  private static RealTensor product(final RealTensor a, final RealTensor b) {
    final RealTensor c = RealTensor.zeros(Shape.of(a.columns(), b.columns()));
    for (int i = 0; i < a.columns(); i++) {
      for (int j = 0; j < b.columns(); j++) {
        float sum = 0;
        for (int row = 0; row < a.length() / a.columns(); row++) {
          sum = Math.fma((float) a.at(row, i), (float) b.at(row, j), sum);
        }
        c.set(i * b.columns() + j, sum, 0);
      }
    }
    return c;
  }
}
