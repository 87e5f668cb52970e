package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Sgd;
import dev.gradus.optim.Update;
import java.util.ArrayList;
import java.util.List;

/**
 * Optimizers in double precision, in PyTorch's form. Adding an optimizer takes one case here or in
 * {@link OptimizerReferences}.
 */
final class UpdateReferences {
  private UpdateReferences() {}

  /** Inputs: parameter, gradient, state; results: the new parameter and the new state. */
  static List<RealTensor> update(final Op op, final List<RealTensor> inputs) {
    final Update update = (Update) op;
    if (!update.scalars().updating()) {
      return inputs.size() > 2 ? List.of(inputs.get(0), inputs.get(2)) : List.of(inputs.get(0));
    }
    final List<RealTensor> results = new ArrayList<>();
    results.add(RealTensor.zeros(inputs.get(0).shape()));
    if (inputs.size() > 2) {
      final RealTensor state = inputs.get(2);
      final RealTensor next = RealTensor.zeros(state.shape());
      for (int i = 0; i < state.length(); i++) {
        next.set(i, state.at(i), 0); // what pads a slot stays
      }
      results.add(next);
    }
    final double rate = update.scalars().learningRate();
    for (int i = 0; i < inputs.get(0).length(); i++) {
      switch (update.optimizer()) {
        case Sgd sgd -> sgd(sgd, rate, i, inputs, results);
        case Momentum momentum -> momentum(momentum, rate, i, inputs, results);
        case Adam adam -> adam(adam, rate, update.scalars().step(), i, inputs, results);
        default -> adaptive(update, i, inputs, results);
      }
    }
    return results;
  }

  private static void adaptive(
      final Update update,
      final int i,
      final List<RealTensor> inputs,
      final List<RealTensor> results) {
    final RealTensor state = inputs.get(2);
    final List<Rounded> slots = new ArrayList<>();
    for (int slot = 0; slot < update.optimizer().slots(); slot++) {
      slots.add(Rounded.exact(state.at(slot, i)));
    }
    final List<Rounded> after =
        OptimizerReferences.step(
            update.optimizer(),
            update.scalars().learningRate(),
            update.scalars().step(),
            Rounded.exact(inputs.get(0).at(i)),
            Rounded.exact(inputs.get(1).at(i)),
            slots);
    results.get(0).set(i, after.get(0).value(), after.get(0).bound());
    for (int slot = 0; slot < slots.size(); slot++) {
      final Rounded value = after.get(slot + 1);
      results.get(1).set(slot * state.columns() + i, value.value(), value.bound());
    }
  }

  private static void sgd(
      final Sgd sgd,
      final double rate,
      final int i,
      final List<RealTensor> inputs,
      final List<RealTensor> results) {
    final double p = inputs.get(0).at(i);
    final double g = inputs.get(1).at(i);
    final double decayed = sgd.weightDecay() * p;
    final double magnitude = Math.abs(p) + rate * (Math.abs(g) + Math.abs(decayed));
    results.get(0).set(i, p - rate * (g + decayed), 5 * magnitude);
  }

  private static void momentum(
      final Momentum momentum,
      final double rate,
      final int i,
      final List<RealTensor> inputs,
      final List<RealTensor> results) {
    final double p = inputs.get(0).at(i);
    final double g = inputs.get(1).at(i) + momentum.weightDecay() * p;
    final double velocity = momentum.momentum() * inputs.get(2).at(i);
    final double v = velocity + g;
    final double magnitude =
        Math.abs(velocity) + Math.abs(inputs.get(1).at(i)) + Math.abs(momentum.weightDecay() * p);
    results.get(1).set(i, v, 5 * magnitude);
    final double direction = momentum.nesterov() ? g + momentum.momentum() * v : v;
    results.get(0).set(i, p - rate * direction, Math.abs(p) + 10 * rate * magnitude);
  }

  private static void adam(
      final Adam adam,
      final double rate,
      final long step,
      final int i,
      final List<RealTensor> inputs,
      final List<RealTensor> results) {
    final RealTensor state = inputs.get(2);
    final int second = state.columns() + i;
    final double p = inputs.get(0).at(i);
    final double g = inputs.get(1).at(i) + adam.weightDecay() * p;
    final double gMagnitude = Math.abs(inputs.get(1).at(i)) + Math.abs(adam.weightDecay() * p);
    final double m = adam.beta1() * state.at(i) + (1 - adam.beta1()) * g;
    final double v = adam.beta2() * state.at(second) + (1 - adam.beta2()) * g * g;
    final double mError =
        5 * (adam.beta1() * Math.abs(state.at(i)) + (1 - adam.beta1()) * gMagnitude);
    final double vError =
        8 * (adam.beta2() * state.at(second) + (1 - adam.beta2()) * gMagnitude * gMagnitude);
    results.get(1).set(i, m, mError);
    results.get(1).set(second, v, vError);
    final double correctedRate = rate / (1 - Math.pow(adam.beta1(), (double) step));
    final double correction = 1 / Math.sqrt(1 - Math.pow(adam.beta2(), (double) step));
    final double root = Math.sqrt(v) * correction;
    final double denominator = root + adam.epsilon();
    final double rootError = v == 0 ? 0 : root * (vError / (2 * v) + 4);
    final double change = correctedRate * m / denominator;
    final double changeError =
        correctedRate * mError / denominator + Math.abs(change) * (rootError / denominator + 5);
    results.get(0).set(i, p - change, Math.abs(p - change) + changeError);
  }
}
