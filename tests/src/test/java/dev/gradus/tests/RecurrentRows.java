package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.op.CarryState;
import dev.gradus.graph.op.MaskSteps;
import dev.gradus.graph.op.PlaceStep;
import dev.gradus.graph.op.PreviousStep;
import dev.gradus.graph.op.Recurrence;
import dev.gradus.graph.op.RecurrenceGradient;
import dev.gradus.graph.op.StepMask;
import dev.gradus.graph.op.TakeStep;
import dev.gradus.kernel.Cell;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows of recurrent ops. */
final class RecurrentRows {
  private static final Draw WEIGHTS = Draw.scaled(0.5);
  private static final Draw MASK = Draw.each(x -> x > -0.5 ? 1 : 0);

  /** Capacity, steps, units: more than a chunk of rows, and units around a vector's lanes. */
  private static final int[][] SIZES = {{1, 1, 1}, {2, 3, 5}, {3, 4, 8}, {37, 2, 17}, {19, 5, 9}};

  private RecurrentRows() {}

  static List<OpRow> rows() {
    return List.of(
        recurrence(),
        recurrenceGradient(),
        previousStep(),
        takeStep(),
        placeStep(),
        stepMask(),
        maskSteps(),
        carryState());
  }

  private static List<Recurrence> forms() {
    final List<Recurrence> forms = new ArrayList<>();
    for (final Cell cell : Cell.values()) {
      for (final boolean reverse : new boolean[] {false, true}) {
        forms.add(new Recurrence(cell, reverse, false, false));
        forms.add(new Recurrence(cell, reverse, true, true));
      }
      forms.add(new Recurrence(cell, false, false, true));
    }
    return forms;
  }

  /** Mask and state, where the form has them. */
  private static void addOptional(
      final Recurrence op,
      final int steps,
      final int units,
      final List<TensorType> types,
      final List<Draw> draws) {
    if (op.masked()) {
      types.add(batched(steps));
      draws.add(MASK);
    }
    if (op.carried()) {
      types.add(batched(op.cell().stateBlocks() * units));
      draws.add(Draw.normal());
    }
  }

  private static OpRow recurrence() {
    final OpRow row =
        new OpRow(Recurrence.class, RecurrentReferences::recurrence).differentiable(0, 1);
    for (final Recurrence op : forms()) {
      for (final int[] size : SIZES) {
        final int width = op.cell().gates() * size[2];
        final List<TensorType> types =
            new ArrayList<>(List.of(batched(size[1], width), fixed(size[2], width)));
        final List<Draw> draws = new ArrayList<>(List.of(Draw.normal(), WEIGHTS));
        if (op.cell().hasHiddenBias()) {
          types.add(fixed(width));
          draws.add(Draw.normal());
        }
        addOptional(op, size[1], size[2], types, draws);
        row.samples(List.of(new Sample(op, size[0], types, draws)));
      }
    }
    final Recurrence lstm = new Recurrence(Cell.LSTM, false, false, false);
    return row.refuses(
            "number of inputs of lstm mismatch: expected=2, actual=1", lstm, batched(3, 8))
        .refuses(
            "shape of input of lstm mismatch: expected=[N,steps,4*units], actual=[N,3,7]",
            lstm,
            batched(3, 7),
            fixed(2, 8))
        .refuses(
            "weights of lstm mismatch: expected=f32[2,8], actual=f32[8,2]",
            lstm,
            batched(3, 8),
            fixed(8, 2))
        .refuses(
            "element type of input of lstm mismatch: expected=FLOAT32, actual=INT32",
            lstm,
            labels(3, 8),
            fixed(2, 8))
        .refuses(
            "bias of gru mismatch: expected=f32[6], actual=f32[8]",
            new Recurrence(Cell.GRU, false, false, false),
            batched(3, 6),
            fixed(2, 6),
            fixed(8))
        .refuses(
            "mask of rnn mismatch: expected=f32[N,3], actual=f32[N,4]",
            new Recurrence(Cell.RNN_TANH, false, true, false),
            batched(3, 2),
            fixed(2, 2),
            batched(4))
        .refuses(
            "state of lstm mismatch: expected=f32[N,4], actual=f32[N,2]",
            new Recurrence(Cell.LSTM, false, false, true),
            batched(3, 8),
            fixed(2, 8),
            batched(2));
  }

  private static OpRow recurrenceGradient() {
    final OpRow row = new OpRow(RecurrenceGradient.class, RecurrentReferences::recurrenceGradient);
    for (final Recurrence op : forms()) {
      for (final int[] size : SIZES) {
        final int last = size[1] - 1;
        for (final int onlyStep : new int[] {RecurrenceGradient.ALL_STEPS, 0, last}) {
          row.samples(List.of(sample(op, onlyStep, size)));
        }
      }
    }
    final RecurrenceGradient lstm =
        RecurrenceGradient.of(new Recurrence(Cell.LSTM, false, false, false));
    return row.refuses(
            "gradient of h of lstm_gradient mismatch: expected=f32[N,3,2], actual=f32[N,3,1]",
            lstm,
            batched(3, 1),
            fixed(2, 8),
            batched(3, 2),
            batched(3, 8),
            batched(3, 4))
        .refuses(
            "gradient of h of lstm_gradient mismatch: expected=f32[N,2], actual=f32[N,3,2]",
            lstm.ofStep(1),
            batched(3, 2),
            fixed(2, 8),
            batched(3, 2),
            batched(3, 8),
            batched(3, 4))
        .refuses(
            "step of lstm_gradient out of range: expected=0 to 2, actual=3",
            lstm.ofStep(3),
            batched(2),
            fixed(2, 8),
            batched(3, 2),
            batched(3, 8),
            batched(3, 4))
        .refuses(
            "gates of lstm_gradient mismatch: expected=f32[N,3,8], actual=f32[N,3,6]",
            lstm,
            batched(3, 2),
            fixed(2, 8),
            batched(3, 2),
            batched(3, 6),
            batched(3, 4))
        .refuses(
            "kept values of lstm_gradient mismatch: expected=f32[N,3,4], actual=f32[N,3,2]",
            lstm,
            batched(3, 2),
            fixed(2, 8),
            batched(3, 2),
            batched(3, 8),
            batched(3, 2));
  }

  private static Sample sample(final Recurrence op, final int onlyStep, final int[] size) {
    final int units = size[2];
    final TensorType h = batched(size[1], units);
    final Draw gates = Draw.each(x -> 1 / (1 + Math.exp(-x)));
    final List<TensorType> types = new ArrayList<>();
    types.add(onlyStep == RecurrenceGradient.ALL_STEPS ? h : batched(units));
    types.add(fixed(units, op.cell().gates() * units));
    types.add(h);
    types.add(batched(size[1], op.cell().gates() * units));
    final List<Draw> draws = new ArrayList<>(List.of(Draw.normal(), WEIGHTS, Draw.normal(), gates));
    if (op.cell().keptBlocks() > 0) {
      types.add(batched(size[1], op.cell().keptBlocks() * units));
      draws.add(gates);
    }
    addOptional(op, size[1], units, types, draws);
    return new Sample(new RecurrenceGradient(op, onlyStep), size[0], types, draws);
  }

  private static OpRow previousStep() {
    final OpRow row = new OpRow(PreviousStep.class, RecurrentReferences::previousStep);
    for (final boolean reverse : new boolean[] {false, true}) {
      for (final int[] size : SIZES) {
        final TensorType h = batched(size[1], size[2]);
        row.samples(
            List.of(
                new Sample(
                    new PreviousStep(reverse, false), size[0], List.of(h), List.of(Draw.normal())),
                new Sample(
                    new PreviousStep(reverse, true),
                    size[0],
                    List.of(h, batched(2 * size[2])),
                    List.of(Draw.normal(), Draw.normal()))));
      }
    }
    return row.refuses(
            "shape of input of previous_step mismatch: expected=[N,steps,units], actual=[N,3]",
            new PreviousStep(false, false),
            batched(3))
        .refuses(
            "shape of state of previous_step mismatch: expected=[N,states*3], actual=[N,4]",
            new PreviousStep(false, true),
            batched(2, 3),
            batched(4));
  }

  private static OpRow takeStep() {
    final OpRow row = new OpRow(TakeStep.class, RecurrentReferences::takeStep).differentiable(0);
    for (final int[] size : SIZES) {
      for (final int step : new int[] {0, size[1] - 1}) {
        row.samples(
            List.of(
                new Sample(
                    new TakeStep(step),
                    size[0],
                    List.of(batched(size[1], size[2])),
                    List.of(Draw.normal()))));
      }
    }
    return row.refuses(
        "shape of input of take_step mismatch:"
            + " expected=[N,steps,features] with a step 3, actual=[N,3,2]",
        new TakeStep(3),
        batched(3, 2));
  }

  private static OpRow placeStep() {
    final OpRow row = new OpRow(PlaceStep.class, RecurrentReferences::placeStep).differentiable(0);
    for (final int[] size : SIZES) {
      for (final int step : new int[] {0, size[1] - 1}) {
        row.samples(
            List.of(
                new Sample(
                    new PlaceStep(step, size[1]),
                    size[0],
                    List.of(batched(size[2])),
                    List.of(Draw.normal()))));
      }
    }
    return row.refuses(
        "shape of input of place_step mismatch: expected=[N,features], actual=[N,3,2]",
        new PlaceStep(1, 3),
        batched(3, 2));
  }

  private static OpRow stepMask() {
    final OpRow row = new OpRow(StepMask.class, RecurrentReferences::stepMask);
    for (final Draw draw : List.of(MASK, Draw.each(x -> x > 1.5 ? -x : 0))) {
      for (final int[] size : SIZES) {
        row.samples(
            List.of(
                new Sample(
                    new StepMask(), size[0], List.of(batched(size[1], size[2])), List.of(draw))));
      }
    }
    return row.refuses(
        "rank of input of step_mask mismatch: expected=3 or more, actual=[N,3]",
        new StepMask(),
        batched(3));
  }

  private static OpRow maskSteps() {
    final OpRow row = new OpRow(MaskSteps.class, RecurrentReferences::maskSteps).differentiable(0);
    for (final Draw draw : List.of(MASK, Draw.each(x -> 1))) {
      for (final int[] size : SIZES) {
        row.samples(
            List.of(
                new Sample(
                    new MaskSteps(),
                    size[0],
                    List.of(batched(size[1], size[2]), batched(size[1])),
                    List.of(Draw.normal(), draw))));
      }
    }
    return row.refuses(
        "mask of mask_steps mismatch: expected=f32[N,3], actual=f32[N,2]",
        new MaskSteps(),
        batched(3, 2),
        batched(2));
  }

  private static OpRow carryState() {
    final OpRow row = new OpRow(CarryState.class, RecurrentReferences::carryState);
    for (final Cell cell : Cell.values()) {
      for (final int[] size : SIZES) {
        final List<TensorType> types = new ArrayList<>();
        types.add(batched(cell.stateBlocks() * size[2]));
        types.add(batched(size[1], size[2]));
        if (cell.hasCellState()) {
          types.add(batched(size[1], cell.keptBlocks() * size[2]));
        }
        final List<Draw> draws = Collections.nCopies(types.size(), Draw.normal());
        row.samples(List.of(new Sample(new CarryState(cell), size[0], types, draws)));
      }
    }
    return row.refuses(
        "state of carry_state mismatch: expected=f32[N,4], actual=f32[N,2]",
        new CarryState(Cell.LSTM),
        batched(2),
        batched(3, 2),
        batched(3, 4));
  }
}
