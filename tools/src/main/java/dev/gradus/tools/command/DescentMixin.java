package dev.gradus.tools.command;

import dev.gradus.memory.GradusException;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Optimizers;
import dev.gradus.optim.Schedules;
import picocli.CommandLine.Option;

/** Options of how a network descends: the optimizer, its rate, and what is done to gradients. */
final class DescentMixin {
  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description =
          "sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, amsgrad, adamw, adamax,"
              + " nadam, radam or lion. Default: ${DEFAULT-VALUE}")
  private String optimizer;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description =
          "Learning rate. Default: 0.002 for adam and its like, 0.0005 for lion, 0.02 for adagrad,"
              + " 1 for adadelta, 0.05 for momentum, 0.1 for sgd")
  private Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "TEXT",
      defaultValue = "linear",
      description =
          "The learning rate over the run, in parts one after another, as \"warmup(100) cosine\":"
              + " constant, linear, warmup(steps), step(every,gamma), multistep(gamma,steps,...),"
              + " exponential(gamma), polynomial(power), cosine(end),"
              + " cosine_restarts(first,growth), one_cycle, inverse_sqrt(steps) or"
              + " plateau(gamma,patience). Default: ${DEFAULT-VALUE}")
  private String schedule;

  @Option(
      names = "--weight-decay",
      paramLabel = "SHARE",
      description =
          "Draws weights to 0: added to gradients as this times the weight (L2), of adamw and lion"
              + " decoupled from them. Default: 0.01 for adamw, else 0")
  private Double weightDecay;

  @Option(
      names = "--l1",
      paramLabel = "STRENGTH",
      defaultValue = "0",
      description = "Of a penalty on the absolute values of the weights. Default: 0")
  private double l1;

  @Option(
      names = "--clip-value",
      paramLabel = "LIMIT",
      defaultValue = "Infinity",
      description = "The largest magnitude of an element of a gradient. Default: no limit")
  private double clipValue;

  @Option(
      names = "--clip-norm",
      paramLabel = "LIMIT",
      defaultValue = "Infinity",
      description = "The largest Euclidean norm of all gradients together. Default: no limit")
  private double clipNorm;

  @Option(
      names = "--clip-weights",
      paramLabel = "LIMIT",
      defaultValue = "Infinity",
      description = "The largest magnitude of a weight, kept in each step. Default: no limit")
  private double clipWeights;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      defaultValue = "1",
      description = "Batches whose gradients are averaged for one update. Default: 1")
  private int accumulate;

  @Option(
      names = "--average",
      paramLabel = "DECAY",
      defaultValue = "0",
      description =
          "Keeps an exponential moving average of the weights, such as 0.99, and scores and saves"
              + " that instead of the last weights. Default: 0, none")
  private double average;

  /**
   * The descent, checked.
   *
   * @throws GradusException where an option is out of range or a name unknown.
   */
  Descent descent() {
    final Optimizer usual =
        Optimizers.byName(optimizer, learningRate == null ? usualRate() : learningRate);
    return Descent.of(weightDecay == null ? usual : usual.withWeightDecay(weightDecay))
        .withL1(l1)
        .withClipValue(clipValue)
        .withClipNorm(clipNorm)
        .withWeightClip(clipWeights)
        .withAccumulation(accumulate)
        .withAverage(average);
  }

  private double usualRate() {
    return switch (optimizer) {
      case "adam", "amsgrad", "adamw", "adamax", "nadam", "radam", "rmsprop" -> 0.002;
      case "lion" -> 0.0005;
      case "adagrad" -> 0.02;
      case "adadelta" -> 1;
      case "momentum", "nesterov" -> 0.05;
      default -> 0.1;
    };
  }

  /**
   * The text, once it has been read: how long the run is isn't known yet.
   *
   * @throws GradusException where it is none.
   */
  String schedule() {
    Schedules.parse(schedule, Integer.MAX_VALUE);
    return schedule;
  }
}
