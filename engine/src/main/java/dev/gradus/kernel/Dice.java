package dev.gradus.kernel;

import dev.gradus.memory.GradusException;

/**
 * {@code 1 - (2 * sum(p * t) + smooth) / (sum(p) + sum(t) + smooth)} of a row of probabilities and
 * targets from 0 to 1: how little two masks overlap (Milletari et al., V-Net, 2016, with plain sums
 * below).
 *
 * @param smooth above 0; what keeps empty masks from 0 / 0.
 */
public record Dice(float smooth) implements RowLossFunction {
  public Dice {
    if (!(smooth > 0 && smooth < Float.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("smooth of dice", "a finite number above 0", smooth);
    }
  }

  @Override
  public String name() {
    return "dice";
  }

  @Override
  public String describe() {
    return name() + '(' + smooth + ')';
  }

  @Override
  public Target target() {
    return Target.ROW;
  }

  @Override
  public float lowestTarget() {
    return 0f;
  }

  @Override
  public float highestTarget() {
    return 1f;
  }

  @Override
  public double loss(final long prediction, final long target, final long columns) {
    double both = 0;
    double sum = smooth;
    for (long c = 0; c < columns; c++) {
      both += (double) RowLossFunction.at(prediction, c) * RowLossFunction.at(target, c);
      sum += (double) RowLossFunction.at(prediction, c) + RowLossFunction.at(target, c);
    }
    return 1 - (2 * both + smooth) / sum;
  }

  @Override
  public void gradient(
      final long prediction,
      final long target,
      final double dRow,
      final long dPrediction,
      final long columns) {
    double both = 0;
    double sum = smooth;
    for (long c = 0; c < columns; c++) {
      both += (double) RowLossFunction.at(prediction, c) * RowLossFunction.at(target, c);
      sum += (double) RowLossFunction.at(prediction, c) + RowLossFunction.at(target, c);
    }
    final double share = (2 * both + smooth) / sum;
    for (long c = 0; c < columns; c++) {
      RowLossFunction.set(
          dPrediction, c, dRow * (share - 2.0 * RowLossFunction.at(target, c)) / sum);
    }
  }
}
