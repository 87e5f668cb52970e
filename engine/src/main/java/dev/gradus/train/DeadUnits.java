package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether units are dead: of a layer that ends in an activation, or a recurrent one, those whose
 * output is where the activation has no slope, for every row and at every step or pixel.
 */
final class DeadUnits {
  private static final String CHECK = "dead units";
  private static final int BATCH = 64;
  private static final double UNUSUAL = 0.2;
  private static final double USELESS = 0.8;

  private DeadUnits() {}

  static Finding of(final Trial trial) {
    final List<Units> watched = Units.of(trial.network());
    if (watched.isEmpty()) {
      return new Finding(CHECK, Verdict.OK, "no layer has an activation");
    }
    final int capacity = Math.min(BATCH, trial.data().rows());
    final Batches batches = Trial.batches(trial.data());
    try (Parameters copy = trial.copy();
        TrainPlan plan =
            trial.train(copy, new Sgd(1), new PlanOptions(capacity).withInspection())) {
      plan.learningRate(0);
      batches.startEpoch(0);
      for (int rows = batches.next(plan.input(), plan.target());
          rows > 0;
          rows = batches.next(plan.input(), plan.target())) {
        plan.resetState();
        plan.step(rows);
        for (final Units layer : watched) {
          layer.look(plan.activation(layer.path()), rows);
        }
      }
    }
    return finding(watched);
  }

  private static Finding finding(final List<Units> watched) {
    Verdict verdict = Verdict.OK;
    final List<String> words = new ArrayList<>();
    for (final Units layer : watched) {
      final int dead = layer.dead();
      final double share = (double) dead / layer.count();
      if (dead > 0) {
        words.add(
            String.format(
                Locale.ROOT,
                "%d of %d of layer %s, %s",
                dead,
                layer.count(),
                layer.path(),
                layer.text()));
      }
      final Verdict of =
          share > USELESS ? Verdict.FAILED : share > UNUSUAL ? Verdict.SUSPICIOUS : Verdict.OK;
      verdict = of.compareTo(verdict) > 0 ? of : verdict;
    }
    return new Finding(
        CHECK,
        verdict,
        words.isEmpty()
            ? "none in " + watched.size() + (watched.size() == 1 ? " layer" : " layers")
            : "zero or saturated for every row: " + String.join("; ", words));
  }
}
