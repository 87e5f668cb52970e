package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.PlaceStep;
import dev.gradus.graph.op.PreviousStep;
import dev.gradus.graph.op.Recurrence;
import dev.gradus.graph.op.RecurrenceGradient;
import dev.gradus.graph.op.TakeStep;
import dev.gradus.kernel.Cell;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Recurrent ops in double precision, in PyTorch's equations, one sequence and step at a time. */
final class RecurrentReferences {
  private RecurrentReferences() {}

  private static final Approximation ONE = Approximation.exact(1);

  /** Operands by their role; null where the op has none. */
  private record Operands(RealTensor mask, RealTensor state) {
    static Operands of(final Recurrence op, final List<RealTensor> optional) {
      return new Operands(
          op.masked() ? optional.get(0) : null,
          op.carried() ? optional.get(optional.size() - 1) : null);
    }

    boolean skips(final int row, final int step) {
      return mask != null && mask.at(row, step) == 0;
    }

    /** A block of the state before the first step. */
    Approximation[] block(final int row, final int index, final int units) {
      final Approximation[] block = new Approximation[units];
      for (int i = 0; i < units; i++) {
        block[i] =
            state == null
                ? Approximation.ZERO
                : Approximation.exact(state.at(row, index * units + i));
      }
      return block;
    }
  }

  static List<RealTensor> recurrence(final Op op, final List<RealTensor> inputs) {
    final Recurrence recurrence = (Recurrence) op;
    final Cell cell = recurrence.cell();
    final RealTensor x = inputs.get(0);
    final RealTensor weights = inputs.get(1);
    final RealTensor bias = cell == Cell.GRU ? inputs.get(2) : null;
    final Operands operands =
        Operands.of(recurrence, inputs.subList(bias == null ? 2 : 3, inputs.size()));
    final int rows = x.shape().dim(0);
    final int steps = x.shape().dim(1);
    final int units = weights.shape().dim(0);
    final RealTensor h = RealTensor.zeros(Shape.of(rows, steps, units));
    final int blocks = cell == Cell.LSTM ? 2 : cell == Cell.GRU ? 1 : 0;
    final RealTensor gates = RealTensor.zeros(x.shape());
    final RealTensor kept =
        blocks > 0 ? RealTensor.zeros(h.shape().withLast(blocks * units)) : null;
    for (int row = 0; row < rows; row++) {
      Approximation[] state = operands.block(row, 0, units);
      Approximation[] memory = operands.block(row, 1 % cell.stateBlocks(), units);
      for (int position = 0; position < steps; position++) {
        final int step = recurrence.reverse() ? steps - 1 - position : position;
        final int vector = row * steps + step;
        final Approximation[] open = new Approximation[x.columns()];
        final Approximation[] more = new Approximation[blocks * units];
        Arrays.fill(open, Approximation.ZERO);
        Arrays.fill(more, Approximation.ZERO);
        if (!operands.skips(row, step)) {
          final Approximation[] next = new Approximation[units];
          for (int i = 0; i < units; i++) {
            final Approximation[] unit = gates(cell, x, weights, bias, vector, state, i, units);
            for (int block = 0; block < cell.gates(); block++) {
              open[block * units + i] = unit[block];
            }
            next[i] =
                switch (cell) {
                  case RNN_TANH, RNN_RELU -> unit[0];
                  case GRU -> {
                    more[i] = unit[3];
                    yield unit[1].times(state[i].minus(unit[2])).plus(unit[2]);
                  }
                  case LSTM -> {
                    final Approximation c = unit[1].times(memory[i]).plus(unit[0].times(unit[2]));
                    more[i] = c.tanh();
                    more[units + i] = c;
                    yield unit[3].times(c.tanh());
                  }
                };
          }
          state = next;
        } else if (cell == Cell.LSTM) {
          System.arraycopy(memory, 0, more, units, units);
        }
        if (cell == Cell.LSTM) {
          memory = Arrays.copyOfRange(more, units, 2 * units);
        }
        set(h, vector, state);
        set(gates, vector, open);
        if (kept != null) {
          set(kept, vector, more);
        }
      }
    }
    return kept == null ? List.of(h, gates) : List.of(h, gates, kept);
  }

  /** All gates of one unit; behind those of a GRU what the state adds to the last. */
  private static Approximation[] gates(
      final Cell cell,
      final RealTensor x,
      final RealTensor weights,
      final RealTensor bias,
      final int vector,
      final Approximation[] state,
      final int unit,
      final int units) {
    final int count = x.columns() / units;
    final Approximation[] fromState = new Approximation[count];
    final Approximation[] sum = new Approximation[count];
    for (int gate = 0; gate < count; gate++) {
      final List<Approximation> column = new ArrayList<>();
      for (int k = 0; k < units; k++) {
        column.add(Approximation.exact(weights.at(k, gate * units + unit)));
      }
      fromState[gate] = Approximation.dot(List.of(state), column);
      if (bias != null) {
        fromState[gate] = fromState[gate].plus(Approximation.exact(bias.at(gate * units + unit)));
      }
      sum[gate] = fromState[gate].plus(Approximation.exact(x.at(vector, gate * units + unit)));
    }
    return switch (cell) {
      case RNN_TANH -> new Approximation[] {sum[0].tanh()};
      case RNN_RELU -> new Approximation[] {sum[0].relu()};
      case LSTM ->
          new Approximation[] {sum[0].sigmoid(), sum[1].sigmoid(), sum[2].tanh(), sum[3].sigmoid()};
      case GRU -> {
        final Approximation reset = sum[0].sigmoid();
        final Approximation candidate =
            reset
                .times(fromState[2])
                .plus(Approximation.exact(x.at(vector, 2 * units + unit)))
                .tanh();
        yield new Approximation[] {reset, sum[1].sigmoid(), candidate, fromState[2]};
      }
    };
  }

  private static void set(
      final RealTensor tensor, final int vector, final Approximation... values) {
    for (int i = 0; i < values.length; i++) {
      tensor.set(vector * tensor.columns() + i, values[i].value(), values[i].error());
    }
  }

  static List<RealTensor> recurrenceGradient(final Op op, final List<RealTensor> inputs) {
    final Recurrence recurrence = ((RecurrenceGradient) op).forward();
    final int onlyStep = ((RecurrenceGradient) op).onlyStep();
    final Cell cell = recurrence.cell();
    final RealTensor dH = inputs.get(0);
    final RealTensor weights = inputs.get(1);
    final RealTensor h = inputs.get(2);
    final RealTensor gates = inputs.get(3);
    final RealTensor kept = cell.keptBlocks() > 0 ? inputs.get(4) : null;
    final int optional = kept == null ? 4 : 5;
    final Operands operands = Operands.of(recurrence, inputs.subList(optional, inputs.size()));
    final int rows = h.shape().dim(0);
    final int steps = h.shape().dim(1);
    final int units = h.columns();
    final RealTensor dX = RealTensor.zeros(h.shape().withLast(weights.columns()));
    final RealTensor dHidden = RealTensor.zeros(dX.shape());
    for (int row = 0; row < rows; row++) {
      final Approximation[] later = new Approximation[units];
      final Approximation[] laterCell = new Approximation[units];
      Arrays.fill(later, Approximation.ZERO);
      Arrays.fill(laterCell, Approximation.ZERO);
      for (int position = steps - 1; position >= 0; position--) {
        final int step = recurrence.reverse() ? steps - 1 - position : position;
        final int previous = row * steps + (recurrence.reverse() ? step + 1 : step - 1);
        final int vector = row * steps + step;
        final Approximation[] toX = new Approximation[weights.columns()];
        final Approximation[] toHidden = new Approximation[weights.columns()];
        Arrays.fill(toX, Approximation.ZERO);
        Arrays.fill(toHidden, Approximation.ZERO);
        for (int i = 0; i < units; i++) {
          final double own = onlyStep < 0 ? dH.at(vector, i) : step == onlyStep ? dH.at(row, i) : 0;
          final Approximation d = Approximation.exact(own).plus(later[i]);
          if (operands.skips(row, step)) {
            later[i] = d;
            continue;
          }
          later[i] = Approximation.ZERO;
          switch (cell) {
            case RNN_TANH, RNN_RELU -> {
              final Approximation y = Approximation.exact(h.at(vector, i));
              toX[i] =
                  cell == Cell.RNN_TANH
                      ? d.times(ONE.minus(y.times(y)))
                      : y.value() > 0 ? d : Approximation.ZERO;
            }
            case LSTM -> {
              final double c =
                  position > 0
                      ? kept.at(previous, units + i)
                      : operands.block(row, 1, units)[i].value();
              final Approximation t = Approximation.exact(kept.at(vector, i));
              lstm(gates, t, vector, i, units, Approximation.exact(c), d, laterCell, toX);
            }
            case GRU -> {
              final double before =
                  position > 0 ? h.at(previous, i) : operands.block(row, 0, units)[i].value();
              final Approximation r = Approximation.exact(gates.at(vector, i));
              final Approximation z = Approximation.exact(gates.at(vector, units + i));
              final Approximation q = Approximation.exact(kept.at(vector, i));
              final Approximation n = Approximation.exact(gates.at(vector, 2 * units + i));
              final Approximation dn = d.times(ONE.minus(z)).times(ONE.minus(n).times(ONE.plus(n)));
              toX[i] = dn.times(q).times(slope(r));
              toX[units + i] = d.times(Approximation.exact(before).minus(n)).times(slope(z));
              toX[2 * units + i] = dn;
              toHidden[2 * units + i] = dn.times(r);
              later[i] = d.times(z);
            }
          }
        }
        System.arraycopy(toX, 0, toHidden, 0, cell == Cell.GRU ? 2 * units : toX.length);
        set(dX, vector, toX);
        set(dHidden, vector, toHidden);
        for (int k = 0; k < units; k++) {
          final List<Approximation> weightRow = new ArrayList<>();
          for (int gate = 0; gate < weights.columns(); gate++) {
            weightRow.add(Approximation.exact(weights.at(k, gate)));
          }
          later[k] = later[k].plus(Approximation.dot(List.of(toHidden), weightRow));
        }
      }
    }
    return cell == Cell.GRU ? List.of(dX, dHidden) : List.of(dX);
  }

  private static void lstm(
      final RealTensor gates,
      final Approximation t,
      final int vector,
      final int unit,
      final int units,
      final Approximation cellBefore,
      final Approximation d,
      final Approximation[] laterCell,
      final Approximation[] toX) {
    final Approximation i = Approximation.exact(gates.at(vector, unit));
    final Approximation f = Approximation.exact(gates.at(vector, units + unit));
    final Approximation g = Approximation.exact(gates.at(vector, 2 * units + unit));
    final Approximation o = Approximation.exact(gates.at(vector, 3 * units + unit));
    final Approximation dCell =
        d.times(o).times(ONE.minus(t).times(ONE.plus(t))).plus(laterCell[unit]);
    toX[unit] = dCell.times(g).times(slope(i));
    toX[units + unit] = dCell.times(cellBefore).times(slope(f));
    toX[2 * units + unit] = dCell.times(i).times(ONE.minus(g).times(ONE.plus(g)));
    toX[3 * units + unit] = d.times(t).times(slope(o));
    laterCell[unit] = dCell.times(f);
  }

  private static Approximation slope(final Approximation y) {
    return y.times(ONE.minus(y));
  }

  /** A copy: exact. */
  static List<RealTensor> previousStep(final Op op, final List<RealTensor> inputs) {
    final PreviousStep previous = (PreviousStep) op;
    final RealTensor h = inputs.get(0);
    final RealTensor out = RealTensor.zeros(h.shape());
    final int steps = h.shape().dim(1);
    for (int vector = 0; vector < h.vectors(); vector++) {
      final int from = vector % steps + (previous.reverse() ? 1 : -1);
      for (int i = 0; i < h.columns(); i++) {
        final double value =
            from >= 0 && from < steps
                ? h.at(vector - vector % steps + from, i)
                : previous.carried() ? inputs.get(1).at(vector / steps, i) : 0;
        out.set(vector * h.columns() + i, value, 0);
      }
    }
    return List.of(out);
  }

  static List<RealTensor> takeStep(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final int rows = x.shape().dim(0);
    final RealTensor out = RealTensor.zeros(Shape.of(rows, x.columns()));
    for (int i = 0; i < out.length(); i++) {
      final int vector = i / x.columns() * x.shape().dim(1) + ((TakeStep) op).step();
      out.set(i, x.at(vector, i % x.columns()), 0);
    }
    return List.of(out);
  }

  static List<RealTensor> placeStep(final Op op, final List<RealTensor> inputs) {
    final PlaceStep place = (PlaceStep) op;
    final RealTensor x = inputs.get(0);
    final RealTensor out = RealTensor.zeros(Shape.of(x.shape().dim(0), place.steps(), x.columns()));
    for (int i = 0; i < x.length(); i++) {
      final int vector = i / x.columns() * place.steps() + place.step();
      out.set(vector * x.columns() + i % x.columns(), x.at(i), 0);
    }
    return List.of(out);
  }

  static List<RealTensor> stepMask(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor mask = RealTensor.zeros(x.shape().withoutLast());
    for (int i = 0; i < x.length(); i++) {
      if (x.at(i) != 0) {
        mask.set(i / x.columns(), 1, 0);
      }
    }
    return List.of(mask);
  }

  static List<RealTensor> maskSteps(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor out = RealTensor.zeros(x.shape());
    for (int i = 0; i < x.length(); i++) {
      out.set(i, inputs.get(1).at(i / x.columns()) == 0 ? 0 : x.at(i), 0);
    }
    return List.of(out);
  }

  /** The last step of h and, of an LSTM, the last block of what it kept. */
  static List<RealTensor> carryState(final Op op, final List<RealTensor> inputs) {
    final RealTensor h = inputs.get(1);
    final RealTensor kept = inputs.size() > 2 ? inputs.get(2) : null;
    final RealTensor state = RealTensor.zeros(inputs.get(0).shape());
    final int units = h.columns();
    for (int i = 0; i < state.length(); i++) {
      final int end = (i / state.columns() + 1) * h.shape().dim(1) - 1;
      final int column = i % state.columns();
      final double value =
          column < units
              ? h.at(end, column)
              : kept.at(end, kept.columns() - units + column - units);
      state.set(i, value, 0);
    }
    return List.of(state);
  }
}
