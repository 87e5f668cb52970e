package dev.gradus.train;

import dev.gradus.data.Dataset;
import dev.gradus.loss.Loss;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import java.util.List;

/**
 * Looks for mistakes that training does not complain of, before it is begun:
 *
 * <pre>{@code
 * for (Finding finding : Diagnose.run(engine, network, loss, sample, 1)) {
 *   System.out.println(finding);
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@code start loss}: what it should be before any training: ln C for C classes, the targets'
 *       variance for squared errors.
 *   <li>{@code input}: a short training on the rows ends better than one on zeros in their place,
 *       for rows kept aside, too.
 *   <li>{@code overfitting}: 16 rows can be learned by heart.
 *   <li>{@code gradients}: they agree with differences of the loss, for some weights of each
 *       parameter.
 *   <li>{@code dead units}: none gives zero, or is saturated, for all rows.
 *   <li>{@code scale}: outputs and gradients neither explode nor vanish from layer to layer.
 * </ul>
 *
 * <p>It takes some thousand runs of small batches. The same seed gives the same findings.
 *
 * <p>Source: Karpathy, "A Recipe for Training Neural Networks", 2019; Goodfellow et al., "Deep
 * Learning", 2016, section 11.5.
 */
public final class Diagnose {
  private static final int LEAST_ROWS = 8;

  private Diagnose() {}

  /**
   * Diagnoses a network with parameters as its initialisers start them.
   *
   * @param sample rows as they are to be trained on; some hundred will do, 8 is the least.
   * @param seed of the parameters, of dropout, of orders and choices.
   * @return one finding for each check, in the order above; the first alone where the loss is not
   *     finite even before any training.
   * @throws GradusException where sample or loss don't fit the network, or it learns nothing.
   */
  public static List<Finding> run(
      final Engine engine,
      final Network network,
      final Loss loss,
      final Dataset sample,
      final long seed) {
    try (Parameters parameters = Parameters.initialise(engine, network, seed)) {
      return run(engine, network, parameters, loss, sample, seed);
    }
  }

  /**
   * As {@link #run(Engine, Network, Loss, Dataset, long)}, with parameters of one's own.
   *
   * @param parameters to start from; left as they are.
   */
  public static List<Finding> run(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Loss loss,
      final Dataset sample,
      final long seed) {
    if (sample.rows() < LEAST_ROWS) {
      throw GradusException.outOfRange(
          "rows of a sample to diagnose with", LEAST_ROWS + " or more", sample.rows());
    }
    final Trial trial = new Trial(engine, network, parameters, loss, sample, seed);
    final double start = StartLoss.loss(trial);
    if (!Double.isFinite(start)) {
      return List.of(StartLoss.of(trial, start));
    }
    return List.of(
        StartLoss.of(trial, start),
        InputBaseline.of(trial),
        Overfitting.of(trial),
        GradientDifferences.of(trial),
        DeadUnits.of(trial),
        LayerScale.of(trial));
  }
}
