package dev.gradus.tools.fit;

import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Schedule;
import dev.gradus.optim.Schedules;
import dev.gradus.plan.Engine;
import dev.gradus.plan.GradientPlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.FullBatch;
import dev.gradus.train.FullBatchMethods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Fits the network of a curve to noisy points of it, all at once. */
public final class CurveFit {
  private static final String ADAM = "adam";
  private static final double RATE = 0.02;
  private static final int GRID = 401;
  private static final Loss LOSS = Losses.meanSquaredError();

  private CurveFit() {}

  /**
   * What a user chooses.
   *
   * @param method see {@link #methods}.
   * @param iterations the most to make; 0 for what suits the method.
   * @param points of data, 2 or more.
   * @param noise standard deviation of the data around the curve, 0 or more.
   * @param seed of the noise and of the first weights.
   */
  public record Settings(String method, int iterations, int points, double noise, long seed) {
    public Settings {
      if (!methods().contains(method)) {
        throw Names.unknown("method", method, methods());
      }
      if (iterations < 0) {
        throw GradusException.outOfRange("iterations", "1 or more, or 0 for usual", iterations);
      }
      if (points < 2) {
        throw GradusException.outOfRange("points", "2 or more", points);
      }
      if (!(noise >= 0 && noise < Float.MAX_VALUE)) {
        throw GradusException.outOfRange("noise", "a finite number of 0 or more", noise);
      }
    }

    private int most() {
      if (iterations > 0) {
        return iterations;
      }
      return switch (method) {
        case "lm" -> 100;
        case "lbfgs", "cg" -> 2_000;
        default -> 20_000;
      };
    }
  }

  /**
   * A fit.
   *
   * @param x of the data, and {@code y}.
   * @param grid where target and network are compared, and their heights there.
   * @param rmse between the two, the root of the mean squared error.
   */
  public record Result(
      List<Double> x,
      List<Double> y,
      List<Double> grid,
      List<Double> target,
      List<Double> network,
      double rmse,
      double loss,
      int iterations,
      String reason) {}

  /** Names of the methods: adam with all data in each step, and those of {@code train}. */
  public static List<String> methods() {
    final List<String> names = new ArrayList<>(List.of(ADAM));
    names.addAll(FullBatchMethods.names());
    return names;
  }

  /** Draws the data, trains and compares. */
  public static Result of(final Engine engine, final Curve curve, final Settings settings) {
    final double[] x = curve.grid(settings.points);
    final double[] y = new double[x.length];
    final Random random = new Random(settings.seed);
    for (int i = 0; i < y.length; i++) {
      y[i] = curve.at(x[i]) + settings.noise * random.nextGaussian();
    }
    final Network network = curve.network();
    try (Parameters parameters = Parameters.initialise(engine, network, settings.seed)) {
      final FullBatch.Result trained =
          settings.method.equals(ADAM)
              ? descend(engine, network, parameters, settings, x, y)
              : minimise(engine, network, parameters, settings, x, y);
      final double[] grid = curve.grid(GRID);
      final double[] target = new double[GRID];
      final double[] fitted = new double[GRID];
      try (PredictPlan predict =
          PredictPlan.compile(engine, network, parameters, new PlanOptions(GRID))) {
        fill(predict.input(), grid);
        predict.run(GRID);
        double squares = 0;
        for (int i = 0; i < GRID; i++) {
          target[i] = curve.at(grid[i]);
          fitted[i] = predict.output().get(i);
          squares += (fitted[i] - target[i]) * (fitted[i] - target[i]);
        }
        return new Result(
            listed(x),
            listed(y),
            listed(grid),
            listed(target),
            listed(fitted),
            Math.sqrt(squares / GRID),
            trained.loss(),
            trained.iterations(),
            trained.reason());
      }
    }
  }

  private static List<Double> listed(final double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static void fill(final Tensor tensor, final double[] values) {
    for (int i = 0; i < values.length; i++) {
      tensor.set(i, (float) values[i]);
    }
  }

  private static FullBatch.Result minimise(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Settings settings,
      final double[] x,
      final double[] y) {
    try (GradientPlan plan =
        GradientPlan.compile(engine, network, parameters, LOSS, new PlanOptions(x.length))) {
      fill(plan.input(), x);
      fill(plan.target(), y);
      return FullBatchMethods.byName(settings.method, settings.seed)
          .minimise(plan, x.length, settings.most());
    }
  }

  private static FullBatch.Result descend(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Settings settings,
      final double[] x,
      final double[] y) {
    final int steps = settings.most();
    final Schedule schedule = Schedules.parse("cosine", steps);
    try (TrainPlan plan =
        TrainPlan.compile(
            engine, network, parameters, LOSS, new Adam(RATE), new PlanOptions(x.length))) {
      fill(plan.input(), x);
      fill(plan.target(), y);
      float loss = Float.NaN;
      for (int step = 0; step < steps; step++) {
        plan.learningRate(RATE * schedule.factor(step));
        loss = plan.step(x.length);
      }
      return new FullBatch.Result(loss, steps, steps, "all iterations made");
    }
  }
}
