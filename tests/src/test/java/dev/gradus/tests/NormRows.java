package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.BatchNorm;
import dev.gradus.graph.op.BatchNormGradient;
import dev.gradus.graph.op.BatchNormPredict;
import dev.gradus.graph.op.CountRun;
import dev.gradus.graph.op.Dropout;
import dev.gradus.graph.op.GroupNorm;
import dev.gradus.graph.op.GroupNormGradient;
import dev.gradus.graph.op.GroupNormScaleGradient;
import dev.gradus.graph.op.UpdateStatistics;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Rows of {@link OpTable} for what layers with modes are composed of. */
final class NormRows {
  private static final double LOW = 0x1p24;

  private NormRows() {}

  static List<OpRow> rows() {
    return List.of(
        countRun(),
        dropout(),
        batchNorm(),
        batchNormPredict(),
        batchNormGradient(),
        updateStatistics(),
        groupNorm(),
        groupNormGradient(),
        groupNormScaleGradient());
  }

  private static OpRow countRun() {
    final List<Sample> samples = new ArrayList<>();
    for (final double low : new double[] {0, 1, 2, 1000, LOW - 2, LOW - 1}) {
      for (final double high : new double[] {0, 1, 77}) {
        samples.add(
            new Sample(
                new CountRun(),
                1,
                List.of(fixed(2)),
                List.of((random, shape) -> new double[] {low, high})));
      }
    }
    return new OpRow(CountRun.class, NormRows::countRun)
        .samples(samples)
        .refuses("number of inputs of count_run mismatch: expected=1, actual=0", new CountRun())
        .refuses(
            "input of count_run mismatch: expected=f32[2], actual=f32[1]",
            new CountRun(),
            fixed(1));
  }

  private static OpRow dropout() {
    final Shape[] shapes = {
      Shape.batched(1),
      Shape.batched(7),
      Shape.batched(16),
      Shape.batched(31),
      Shape.batched(32),
      Shape.batched(33),
      Shape.batched(3, 5),
      Shape.batched(67),
      Shape.batched(2, 3, 11),
      Shape.of(5, 12),
      Shape.batched(5003)
    };
    final int[] capacities = {1, 5, 7, 3, 2, 5, 13, 31, 4, 1, 7};
    final List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < shapes.length; i++) {
      final long seed = i * 0x123456789abcdefL;
      final Draw count = (random, shape) -> new double[] {random.nextInt(1 << 24), 3};
      samples.add(
          new Sample(
              new Dropout(1, (i + 1) / 12.0, seed, i),
              capacities[i],
              List.of(TensorType.float32(shapes[i]), fixed(2)),
              List.of(Draw.normal(), count)));
      samples.add(
          new Sample(
              new Dropout(shapes[i].last(), 0.5, seed, 65_534 - i),
              capacities[i],
              List.of(TensorType.float32(shapes[i]), fixed(2)),
              List.of(Draw.normal(), count)));
    }
    final Op op = new Dropout(2, 0.5, 1, 1);
    return new OpRow(Dropout.class, DropoutReference::dropout)
        .samples(samples)
        .differentiable(0)
        .refuses("number of inputs of dropout mismatch: expected=2, actual=0", op)
        .refuses(
            "count of dropout mismatch: expected=f32[2], actual=f32[3]", op, batched(4), fixed(3))
        .refuses(
            "repeat of dropout mismatch: expected=a divisor of 3, actual=2",
            op,
            batched(3),
            fixed(2));
  }

  private record Sized(int capacity, TensorType type) {}

  /** Matrices, and tensors with more behind the channels, the last of more than a leaf of a sum. */
  private static List<Sized> images() {
    return List.of(
        new Sized(1, batched(3)),
        new Sized(2, batched(7)),
        new Sized(5, batched(8)),
        new Sized(7, batched(17)),
        new Sized(13, batched(67)),
        new Sized(31, batched(10)),
        new Sized(4, batched(3, 5)),
        new Sized(2, batched(2, 3, 11)),
        new Sized(3, batched(4, 4, 4)),
        new Sized(1, fixed(6, 31)),
        new Sized(300, batched(333)),
        new Sized(5, batched(20, 30, 31)),
        new Sized(3, batched(2, 2500)));
  }

  private static TensorType channels(final TensorType x) {
    return fixed(x.shape().dim(1));
  }

  /** A small epsilon only where a variance of few elements does not come near it. */
  private static double epsilon(final Sized sized) {
    return sized.type.shape().elements(sized.capacity) > 3000 ? 1e-5 : 0.1;
  }

  private static final Draw POSITIVE = Draw.each(x -> Math.abs(x) + 0.1);
  private static final Draw OFF_CENTRE = Draw.each(x -> 3 * x + 5);

  private static OpRow batchNorm() {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : images()) {
      final TensorType channel = channels(sized.type);
      samples.add(
          new Sample(
              new BatchNorm(epsilon(sized)),
              sized.capacity,
              List.of(sized.type, channel, channel),
              List.of(OFF_CENTRE, Draw.normal(), Draw.normal())));
    }
    final Op op = new BatchNorm(1e-5);
    return new OpRow(BatchNorm.class, NormReferences::batchNorm)
        .samples(samples)
        .differentiable(0, 1, 2)
        .refuses("number of inputs of batch_norm mismatch: expected=3, actual=1", op, batched(3))
        .refuses(
            "rank of input of batch_norm mismatch: expected=2 or more, actual=[3]",
            op,
            fixed(3),
            fixed(3),
            fixed(3))
        .refuses(
            "scale of batch_norm mismatch: expected=f32[3], actual=f32[4]",
            op,
            batched(3, 4),
            fixed(4),
            fixed(4))
        .refuses(
            "shift of batch_norm mismatch: expected=f32[3], actual=f32[4]",
            op,
            batched(3, 4),
            fixed(3),
            fixed(4));
  }

  private static OpRow batchNormPredict() {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : images()) {
      final TensorType channel = channels(sized.type);
      samples.add(
          new Sample(
              new BatchNormPredict(1e-5),
              sized.capacity,
              List.of(sized.type, channel, channel, channel, channel),
              List.of(OFF_CENTRE, Draw.normal(), Draw.normal(), Draw.normal(), POSITIVE)));
    }
    return new OpRow(BatchNormPredict.class, NormReferences::batchNormPredict)
        .samples(samples)
        .differentiable(0, 1, 2)
        .refuses(
            "variance of batch_norm_predict mismatch: expected=f32[3], actual=f32[4]",
            new BatchNormPredict(1e-5),
            batched(3),
            fixed(3),
            fixed(3),
            fixed(3),
            fixed(4));
  }

  private static OpRow batchNormGradient() {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : images()) {
      final TensorType channel = channels(sized.type);
      for (final boolean fixed : new boolean[] {false, true}) {
        samples.add(
            new Sample(
                new BatchNormGradient(fixed),
                sized.capacity,
                List.of(sized.type, sized.type, channel, channel, channel),
                List.of(Draw.normal(), OFF_CENTRE, Draw.normal(), Draw.normal(), POSITIVE)));
      }
    }
    return new OpRow(BatchNormGradient.class, NormReferences::batchNormGradient)
        .samples(samples)
        .refuses(
            "second input of batch_norm_gradient mismatch: expected=f32[N,3], actual=f32[N,4]",
            new BatchNormGradient(false),
            batched(3),
            batched(4),
            fixed(3),
            fixed(3),
            fixed(3))
        .refuses(
            "inverse deviation of batch_norm_gradient mismatch: expected=f32[3], actual=f32[4]",
            new BatchNormGradient(false),
            batched(3),
            batched(3),
            fixed(3),
            fixed(3),
            fixed(4));
  }

  private static OpRow updateStatistics() {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : images()) {
      final TensorType channel = channels(sized.type);
      samples.add(
          new Sample(
              new UpdateStatistics(0.1),
              sized.capacity,
              List.of(channel, channel, channel, channel, sized.type),
              List.of(Draw.normal(), POSITIVE, Draw.normal(), POSITIVE, Draw.normal())));
    }
    return new OpRow(UpdateStatistics.class, NormReferences::updateStatistics)
        .samples(samples)
        .refuses(
            "running variance of update_statistics mismatch: expected=f32[3], actual=f32[4]",
            new UpdateStatistics(0.1),
            fixed(3),
            fixed(4),
            fixed(3),
            fixed(3),
            batched(3));
  }

  /** A norm with its x and the shape of its scale. */
  private record Grouped(int capacity, TensorType x, GroupNorm norm, TensorType scale) {
    TensorType statistics() {
      Shape leading = x.shape();
      for (int axis = 0; axis < norm.axes(); axis++) {
        leading = leading.withoutLast();
      }
      return TensorType.float32(leading.withAppended(norm.groups()));
    }
  }

  private static List<Grouped> grouped() {
    final List<Grouped> all = new ArrayList<>();
    for (final boolean centred : new boolean[] {true, false}) {
      final GroupNorm last = new GroupNorm(1, 1, centred, 0.1);
      for (final int features : new int[] {1, 7, 8, 9, 16, 17, 67}) {
        all.add(new Grouped(5, batched(features), last, fixed(features)));
      }
      all.add(new Grouped(4, batched(3, 5), last, fixed(5)));
      all.add(new Grouped(1, fixed(6, 31), last, fixed(31)));
      all.add(new Grouped(4, batched(3, 2, 5), new GroupNorm(2, 1, centred, 0.1), fixed(2, 5)));
      final GroupNorm small = new GroupNorm(1, 1, centred, 1e-5);
      all.add(new Grouped(7, batched(5003), small, fixed(5003)));
      all.add(new Grouped(4001, batched(9), new GroupNorm(1, 1, centred, 0.01), fixed(9)));
    }
    all.add(new Grouped(3, batched(12), new GroupNorm(1, 3, true, 0.1), fixed(12)));
    all.add(new Grouped(9, batched(102), new GroupNorm(1, 3, true, 0.1), fixed(102)));
    all.add(new Grouped(2, batched(6, 2, 3), new GroupNorm(3, 3, true, 0.1), fixed(6)));
    all.add(new Grouped(2, batched(6, 2, 3), new GroupNorm(3, 1, true, 0.1), fixed(6)));
    all.add(new Grouped(2, batched(4, 17), new GroupNorm(2, 4, false, 0.1), fixed(4)));
    all.add(new Grouped(3, batched(4, 2500), new GroupNorm(2, 2, true, 1e-5), fixed(4)));
    all.add(new Grouped(9, batched(32, 7, 9), new GroupNorm(3, 8, true, 1e-5), fixed(32)));
    return all;
  }

  private static OpRow groupNorm() {
    final List<Sample> samples = new ArrayList<>();
    for (final Grouped g : grouped()) {
      samples.add(
          g.norm.centred()
              ? new Sample(
                  g.norm,
                  g.capacity,
                  List.of(g.x, g.scale, g.scale),
                  List.of(OFF_CENTRE, Draw.normal(), Draw.normal()))
              : new Sample(
                  g.norm, g.capacity, List.of(g.x, g.scale), List.of(OFF_CENTRE, Draw.normal())));
    }
    return new OpRow(GroupNorm.class, NormReferences::groupNorm)
        .samples(samples)
        .differentiable(0, 1, 2)
        .refuses(
            "number of inputs of group_norm mismatch: expected=2, actual=3",
            new GroupNorm(1, 1, false, 1e-5),
            batched(3),
            fixed(3),
            fixed(3))
        .refuses(
            "rank of input of group_norm mismatch: expected=3 or more, actual=[N,3]",
            new GroupNorm(2, 1, true, 1e-5),
            batched(3),
            fixed(3),
            fixed(3))
        .refuses(
            "scale of group_norm mismatch: expected=f32[3], actual=f32[4]",
            new GroupNorm(2, 1, true, 1e-5),
            batched(3, 4),
            fixed(4),
            fixed(4))
        .refuses(
            "shift of group_norm mismatch: expected=f32[3,4], actual=f32[3]",
            new GroupNorm(2, 1, true, 1e-5),
            batched(3, 4),
            fixed(3, 4),
            fixed(3))
        .refuses(
            "groups of group_norm mismatch: expected=a divisor of 4 channels, actual=3",
            new GroupNorm(2, 3, true, 1e-5),
            batched(4, 3),
            fixed(4),
            fixed(4))
        .refuses(
            "scale of group_norm mismatch: expected=one for each of 4 channels, actual=f32[4,3]",
            new GroupNorm(2, 2, true, 1e-5),
            batched(4, 3),
            fixed(4, 3),
            fixed(4, 3));
  }

  private static List<Sample> groupGradients(final Function<GroupNorm, Op> op) {
    final List<Sample> samples = new ArrayList<>();
    for (final Grouped g : grouped()) {
      samples.add(
          new Sample(
              op.apply(g.norm),
              g.capacity,
              List.of(g.x, g.x, g.scale, g.statistics(), g.statistics()),
              List.of(Draw.normal(), OFF_CENTRE, Draw.normal(), Draw.normal(), POSITIVE)));
    }
    return samples;
  }

  private static OpRow groupNormGradient() {
    final Op op = new GroupNormGradient(new GroupNorm(1, 1, true, 1e-5));
    return new OpRow(GroupNormGradient.class, NormReferences::groupNormGradient)
        .samples(groupGradients(GroupNormGradient::new))
        .refuses(
            "mean of group_norm_gradient mismatch: expected=f32[N,1], actual=f32[N]",
            op,
            batched(3),
            batched(3),
            fixed(3),
            batched(),
            batched());
  }

  private static OpRow groupNormScaleGradient() {
    final Op op = new GroupNormScaleGradient(new GroupNorm(1, 1, true, 1e-5));
    return new OpRow(GroupNormScaleGradient.class, NormReferences::groupNormScaleGradient)
        .samples(groupGradients(GroupNormScaleGradient::new))
        .refuses(
            "inverse deviation of group_norm_scale_gradient mismatch: expected=f32[N,1],"
                + " actual=f32[N,2]",
            op,
            batched(3),
            batched(3),
            fixed(3),
            batched(1),
            batched(2));
  }

  private static List<RealTensor> countRun(final Op op, final List<RealTensor> inputs) {
    final boolean full = inputs.get(0).at(0) == LOW - 1;
    final double low = full ? 0 : inputs.get(0).at(0) + 1;
    return List.of(RealTensor.of(Shape.of(2), low, inputs.get(0).at(1) + (full ? 1 : 0)));
  }
}
