package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Codes;
import dev.gradus.graph.op.Concat;
import dev.gradus.graph.op.Pad;
import dev.gradus.graph.op.Permute;
import dev.gradus.graph.op.Repeat;
import dev.gradus.graph.op.Scale;
import dev.gradus.graph.op.Slice;
import dev.gradus.graph.op.Subtract;
import dev.gradus.graph.op.SumAxis;
import dev.gradus.memory.TensorType;
import java.util.Collections;
import java.util.List;

/** Rows of ops that join, cut, move and add up along axes. */
final class StructuralRows {
  /** Some in the range of sizes 3, 1, 50, some beyond, some no whole numbers. */
  private static final Draw CODES = Draw.each(x -> x < -1 ? x : Math.round(3 * x));

  private StructuralRows() {}

  static List<OpRow> rows() {
    return List.of(
        concat(),
        slice(),
        pad(),
        permute(),
        codes(),
        sumAxis(),
        repeat(),
        new OpRow(Scale.class, StructuralReferences::scale)
            .samples(Samples.elementwise(new Scale(-0.3f), 1, Draw.normal()))
            .differentiable(0)
            .refuses(
                "number of inputs of scale mismatch: expected=1, actual=2",
                new Scale(2),
                batched(3),
                batched(3)),
        new OpRow(Subtract.class, StructuralReferences::subtract)
            .samples(Samples.elementwise(new Subtract(), 2, Draw.normal()))
            .differentiable(0, 1)
            .refuses(
                "second input of subtract mismatch: expected=f32[N,3], actual=f32[N,4]",
                new Subtract(),
                batched(3),
                batched(4)));
  }

  private static Sample sample(final Op op, final int capacity, final TensorType... types) {
    return new Sample(
        op, capacity, List.of(types), Collections.nCopies(types.length, Draw.normal()));
  }

  private static OpRow concat() {
    return new OpRow(Concat.class, StructuralReferences::concat)
        .samples(
            List.of(
                sample(new Concat(1), 5, batched(3), batched(1)),
                sample(new Concat(1), 7, batched(17)),
                sample(new Concat(1), 301, batched(9), batched(31), batched(2)),
                sample(new Concat(2), 3, batched(4, 5), batched(4, 9)),
                sample(new Concat(1), 3, batched(2, 3, 5), batched(1, 3, 5), batched(4, 3, 5)),
                sample(new Concat(1), 2, batched(1), batched(1), batched(1)),
                sample(new Concat(3), 2, batched(2, 3, 5), batched(2, 3, 1)),
                sample(new Concat(2), 2, batched(2, 3, 5), batched(2, 2, 5)),
                sample(new Concat(1), 1, fixed(3, 16), fixed(3, 8)),
                sample(new Concat(0), 1, fixed(3, 2), fixed(4, 2))))
        .differentiable(0)
        .refuses("number of inputs of concat mismatch: expected=1, actual=0", new Concat(1))
        .refuses(
            "input of concat along axis 1 mismatch: expected=f32[N,2,5], actual=f32[N,2,4]",
            new Concat(1),
            batched(2, 5),
            batched(3, 4))
        .refuses(
            "input of concat along axis 1 mismatch: expected=f32[N,2,5], actual=f32[N,3]",
            new Concat(1),
            batched(2, 5),
            batched(3))
        .refuses(
            "axis of concat of [N,3] out of range: expected=1 to 1, actual=0",
            new Concat(0),
            batched(3),
            batched(3))
        .refuses(
            "axis of concat of [N,3] out of range: expected=1 to 1, actual=2",
            new Concat(2),
            batched(3),
            batched(3));
  }

  private static OpRow slice() {
    return new OpRow(Slice.class, StructuralReferences::slice)
        .samples(
            List.of(
                sample(new Slice(1, 0, 1), 5, batched(3)),
                sample(new Slice(1, 2, 17), 401, batched(41)),
                sample(new Slice(2, 1, 3), 3, batched(4, 5)),
                sample(new Slice(1, 1, 2), 3, batched(3, 4, 5)),
                sample(new Slice(1, 0, 3), 5, batched(3)),
                sample(new Slice(1, 2, 1), 5, batched(3)),
                sample(new Slice(2, 0, 1), 3, batched(4, 5)),
                sample(new Slice(2, 3, 1), 2, batched(3, 4, 2)),
                sample(new Slice(3, 0, 2), 2, batched(3, 4, 2)),
                sample(new Slice(0, 2, 2), 1, fixed(5, 3))))
        .differentiable(0)
        .refuses(
            "axis 1 of slice of [N,3] out of range: expected=0 to 3, actual=2 to 4",
            new Slice(1, 2, 2),
            batched(3))
        .refuses(
            "axis 1 of slice of [N,3] out of range: expected=0 to 3, actual=-1 to 1",
            new Slice(1, -1, 2),
            batched(3));
  }

  private static OpRow pad() {
    return new OpRow(Pad.class, StructuralReferences::pad)
        .samples(
            List.of(
                sample(new Pad(1, 0, 3), 5, batched(3)),
                sample(new Pad(1, 2, 41), 401, batched(17)),
                sample(new Pad(2, 1, 6), 3, batched(4, 5)),
                sample(new Pad(1, 1, 5), 3, batched(3, 4, 5)),
                sample(new Pad(1, 0, 4), 5, batched(3)),
                sample(new Pad(1, 1, 4), 5, batched(3)),
                sample(new Pad(2, 0, 6), 3, batched(4, 5)),
                sample(new Pad(2, 3, 5), 2, batched(3, 2, 2)),
                sample(new Pad(3, 0, 2), 2, batched(3, 4, 1)),
                sample(new Pad(0, 2, 7), 1, fixed(5, 3))))
        .differentiable(0)
        .refuses(
            "axis 1 of pad of [N,3] to 4 out of range:"
                + " expected=0 or more zeros at both ends, actual=2 and -1",
            new Pad(1, 2, 4),
            batched(3));
  }

  private static OpRow permute() {
    return new OpRow(Permute.class, StructuralReferences::permute)
        .samples(
            List.of(
                sample(new Permute(List.of(2, 1)), 5, batched(3, 4)),
                sample(new Permute(List.of(2, 1)), 9, batched(71, 33)),
                sample(new Permute(List.of(3, 1, 2)), 3, batched(2, 3, 5)),
                sample(new Permute(List.of(1)), 3, batched(7)),
                sample(new Permute(List.of(1, 2)), 3, batched(7, 2)),
                sample(new Permute(List.of(2, 1)), 3, batched(1, 5)),
                sample(new Permute(List.of(3, 2, 1)), 2, batched(2, 3, 5)),
                sample(new Permute(List.of(2, 3, 1)), 2, batched(2, 3, 5)),
                sample(new Permute(List.of(1, 3, 2)), 2, batched(2, 3, 5)),
                sample(new Permute(List.of(2, 1)), 1, fixed(2, 3, 4))))
        .differentiable(0)
        .refuses(
            "rank of input of permute mismatch: expected=3, actual=[N,3]",
            new Permute(List.of(2, 1)),
            batched(3));
  }

  private static OpRow codes() {
    final Codes codes = new Codes(List.of(3, 1, 50));
    final OpRow row = new OpRow(Codes.class, StructuralReferences::codes);
    for (final int capacity : new int[] {1, 2, 3, 5, 8, 9, 100, 9001}) {
      row.samples(List.of(new Sample(codes, capacity, List.of(batched(3)), List.of(CODES))));
    }
    return row.samples(
            List.of(
                new Sample(codes, 4, List.of(batched(2, 3)), List.of(CODES)),
                new Sample(
                    new Codes(List.of(2)),
                    1,
                    List.of(fixed(4, 1)),
                    List.of((random, shape) -> new double[] {1, Double.NaN, 1e30, -1}))))
        .refuses("columns of input of codes mismatch: expected=3, actual=[N,2]", codes, batched(2));
  }

  private static OpRow sumAxis() {
    return new OpRow(SumAxis.class, StructuralReferences::sumAxis)
        .samples(
            List.of(
                sample(new SumAxis(1), 5, batched(3)),
                sample(new SumAxis(1), 7, batched(5003)),
                sample(new SumAxis(1), 31, batched(26, 17)),
                sample(new SumAxis(2), 3, batched(2, 3, 5)),
                sample(new SumAxis(1), 3, batched(2, 3, 5)),
                sample(new SumAxis(3), 3, batched(2, 3, 5)),
                sample(new SumAxis(1), 3, batched(1, 5)),
                sample(new SumAxis(2), 2, batched(5, 1)),
                sample(new SumAxis(2), 2, batched(3, 16)),
                sample(new SumAxis(0), 1, fixed(5, 3))))
        .differentiable(0)
        .refuses(
            "axis of sum_axis of [N,3] out of range: expected=1 to 1, actual=0",
            new SumAxis(0),
            batched(3));
  }

  private static OpRow repeat() {
    return new OpRow(Repeat.class, StructuralReferences::repeat)
        .samples(
            List.of(
                sample(new Repeat(1, 3), 5, batched(1)),
                sample(new Repeat(1, 5003), 7, batched(1)),
                sample(new Repeat(1, 26), 31, batched(1, 17)),
                sample(new Repeat(2, 4), 3, batched(2, 1, 5)),
                sample(new Repeat(1, 1), 3, batched(1, 5)),
                sample(new Repeat(1, 2), 3, batched(1, 1)),
                sample(new Repeat(2, 9), 2, batched(3, 1)),
                sample(new Repeat(3, 3), 2, batched(2, 3, 1)),
                sample(new Repeat(1, 3), 2, batched(1, 2, 2)),
                sample(new Repeat(0, 4), 1, fixed(1, 3))))
        .differentiable(0)
        .refuses(
            "axis 1 of input of repeat mismatch: expected=1, actual=[N,3]",
            new Repeat(1, 3),
            batched(3));
  }
}
