package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.CarryState;
import dev.gradus.graph.op.Concat;
import dev.gradus.graph.op.MaskSteps;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.Recurrence;
import dev.gradus.graph.op.StepMask;
import dev.gradus.graph.op.TakeStep;
import dev.gradus.kernel.Cell;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer over (N,T,features), with the equations and the order of gates of PyTorch's
 * {@code RNN}, {@code LSTM} and {@code GRU}; see {@link Cell}. Parameters: "weight_ih"
 * (in,gates*units), "weight_hh" (units,gates*units) and "bias" (gates*units), which is the sum of
 * PyTorch's two; a GRU has both, "bias_ih" and "bias_hh", as its reset gate scales part of the
 * second.
 *
 * @param last whether the state behind the last step is the output, (N,units), instead of that
 *     behind each step, (N,T,units).
 * @param bidirectional whether a second set of weights, "reverse.weight_ih" and so on, reads the
 *     steps from the other end; its output stands behind the first's, (...,2*units).
 * @param masked whether steps whose features are all zero are padding: they leave the state as it
 *     is, and the output there is zero again, so that the next layer sees the same padding. So
 *     sequences of different lengths share a batch, as PyTorch's packed sequences do; zeros need no
 *     second input, and an embedding's padding index makes them.
 * @param stateful whether each row of a batch starts from the state in which the run before left
 *     that row, for sequences longer than T. Gradients end at a run's first step.
 */
public record Recurrent(
    Cell cell, int units, boolean last, boolean bidirectional, boolean masked, boolean stateful)
    implements Layer {
  public Recurrent {
    if (units < 1) {
      throw GradusException.outOfRange("units of " + cell.label(), "1 or more", units);
    }
    if (bidirectional && stateful) {
      throw GradusException.mismatch(
          "options of " + cell.label(), "at most one of bidirectional, stateful", "both");
    }
  }

  /** Elman's network with tanh. */
  public static Recurrent rnn(final int units) {
    return new Recurrent(Cell.RNN_TANH, units, false, false, false, false);
  }

  /** Elman's network with ReLU. */
  public static Recurrent rnnRelu(final int units) {
    return new Recurrent(Cell.RNN_RELU, units, false, false, false, false);
  }

  /** Long short-term memory. */
  public static Recurrent lstm(final int units) {
    return new Recurrent(Cell.LSTM, units, false, false, false, false);
  }

  /** A gated recurrent unit. */
  public static Recurrent gru(final int units) {
    return new Recurrent(Cell.GRU, units, false, false, false, false);
  }

  /** This layer with the last step alone as output. */
  public Recurrent lastStep() {
    return new Recurrent(cell, units, true, bidirectional, masked, stateful);
  }

  /** This layer in both directions. */
  public Recurrent inBothDirections() {
    return new Recurrent(cell, units, last, true, masked, stateful);
  }

  /** This layer with steps of zeros taken as padding. */
  public Recurrent withMask() {
    return new Recurrent(cell, units, last, bidirectional, true, stateful);
  }

  /** This layer with its state carried from run to run. */
  public Recurrent withState() {
    return new Recurrent(cell, units, last, bidirectional, masked, true);
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() != 3) {
      throw GradusException.mismatch(
          "shape of input of " + cell.label(), "[N,steps,features]", input.shape());
    }
    final Value mask = masked ? scope.graph().apply(new StepMask(), input) : null;
    final Value forward = finish(scope, direction(scope, input, mask, false), mask, false);
    if (!bidirectional) {
      return forward;
    }
    final Scope reverse = scope.child("reverse");
    final Value backward = finish(scope, direction(reverse, input, mask, true), mask, true);
    return scope.graph().apply(new Concat(forward.shape().rank() - 1), forward, backward);
  }

  /** The step that a direction computes last, or all. */
  private Value finish(final Scope scope, final Value h, final Value mask, final boolean reverse) {
    if (last) {
      return scope.graph().apply(new TakeStep(reverse ? 0 : h.shape().dim(1) - 1), h);
    }
    return masked ? scope.graph().apply(new MaskSteps(), h, mask) : h;
  }

  private Value direction(
      final Scope scope, final Value input, final Value mask, final boolean reverse) {
    final int in = input.shape().last();
    final int width = cell.gates() * units;
    final Value weight =
        scope.parameter("weight_ih", Shape.of(in, width), Initializers.glorotUniform(), in, units);
    final Value hidden =
        scope.parameter(
            "weight_hh", Shape.of(units, width), Initializers.glorotUniform(), units, units);
    final Value bias =
        scope.parameter(
            cell.hasHiddenBias() ? "bias_ih" : "bias", Shape.of(width), bias(), in, units);
    final Value product = scope.graph().apply(MatMul.PLAIN, input, weight);
    final List<Value> operands = new ArrayList<>();
    operands.add(scope.graph().apply(new AddBias(), product, bias));
    operands.add(hidden);
    if (cell.hasHiddenBias()) {
      operands.add(scope.parameter("bias_hh", Shape.of(width), Initializers.zeros(), units, units));
    }
    if (masked) {
      operands.add(mask);
    }
    Value state = null;
    if (stateful) {
      state = scope.state("state", Shape.batched(cell.stateBlocks() * units));
      operands.add(state);
    }
    final List<Value> outputs =
        scope
            .graph()
            .applyAll(
                new Recurrence(cell, reverse, masked, stateful), operands.toArray(Value[]::new));
    if (stateful) {
      final List<Value> ends = new ArrayList<>(List.of(state, outputs.get(0)));
      if (cell.hasCellState()) {
        ends.add(outputs.get(2));
      }
      scope.graph().applyAll(new CarryState(cell), ends.toArray(Value[]::new));
    }
    return outputs.get(0);
  }

  /**
   * Zeros; ones for an LSTM's forget gate, which so remembers from the start. Source: Jozefowicz et
   * al. 2015.
   */
  private Initializer bias() {
    if (cell != Cell.LSTM) {
      return Initializers.zeros();
    }
    return (tensor, fanIn, fanOut, seed, stream) -> fillForgetGate(tensor);
  }

  private void fillForgetGate(final Tensor tensor) {
    for (int i = 0; i < tensor.elements(); i++) {
      tensor.set(i, i / units == 1 ? 1f : 0f);
    }
  }

  /** The layer that arguments {@code units[,last][,bidirectional][,mask][,stateful]} describe. */
  static Layer parse(final Cell cell, final List<String> arguments) {
    final String expected = "units[,last][,bidirectional][,mask][,stateful]";
    if (arguments.isEmpty()) {
      throw GradusException.mismatch("arguments of " + cell.label(), expected, arguments);
    }
    Recurrent layer =
        new Recurrent(
            cell,
            Layers.number("units of " + cell.label(), arguments.get(0)),
            false,
            false,
            false,
            false);
    for (final String option : arguments.subList(1, arguments.size())) {
      layer =
          switch (option) {
            case "last" -> layer.lastStep();
            case "bidirectional" -> layer.inBothDirections();
            case "mask" -> layer.withMask();
            case "stateful" -> layer.withState();
            default ->
                throw GradusException.mismatch("arguments of " + cell.label(), expected, arguments);
          };
    }
    return layer;
  }

  @Override
  public String describe() {
    return cell.label()
        + "("
        + units
        + (last ? ",last" : "")
        + (bidirectional ? ",bidirectional" : "")
        + (masked ? ",mask" : "")
        + (stateful ? ",stateful" : "")
        + ")";
  }
}
