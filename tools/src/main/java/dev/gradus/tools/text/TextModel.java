package dev.gradus.tools.text;

import dev.gradus.graph.Value;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Network;
import dev.gradus.nn.Presets;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model of the next character, such as an embedding, an LSTM whose state is carried from batch to
 * batch (truncated backpropagation through time), and the logits of all characters. The last tenth
 * of the text is for validation.
 */
public final class TextModel implements AutoCloseable {
  private final Engine engine;
  private final Settings settings;
  private final Characters text;
  private final Parameters parameters;
  private final TrainPlan train;
  private final EvaluatePlan evaluate;
  private final Streams training;
  private final Streams validation;

  /**
   * What to train.
   *
   * @param layers as text, {@code out} standing for the number of characters: {@code
   *     embedding(out,32) lstm(128,stateful) dense(out)}, which is the preset {@code char-lstm}.
   * @param steps of a batch, as far as gradients reach back.
   * @param batch rows of a batch.
   */
  public record Settings(String layers, int steps, int batch, double learningRate, long seed) {}

  private TextModel(
      final Engine engine,
      final Characters text,
      final Settings settings,
      final Parameters parameters,
      final TrainPlan train,
      final EvaluatePlan evaluate) {
    final int split = text.length() - text.length() / 10;
    this.engine = engine;
    this.settings = settings;
    this.text = text;
    this.parameters = parameters;
    this.train = train;
    this.evaluate = evaluate;
    this.training = new Streams(text, 0, split, settings.batch, settings.steps);
    this.validation = new Streams(text, split, text.length(), settings.batch, settings.steps);
  }

  /**
   * Prepares a model that has learned nothing yet.
   *
   * @throws GradusException where the text is too short or a setting out of range.
   */
  public static TextModel open(
      final Engine engine, final Characters text, final Settings settings) {
    final Network network = network(text, settings, settings.steps);
    requireAnySteps(network, network(text, settings, 1));
    final PlanOptions options = new PlanOptions(settings.batch);
    Parameters parameters = null;
    TrainPlan train = null;
    EvaluatePlan evaluate = null;
    try {
      parameters = Parameters.initialise(engine, network, settings.seed);
      final Adam adam = new Adam(settings.learningRate);
      train =
          TrainPlan.compile(
              engine, network, parameters, Losses.softmaxCrossEntropy(), adam, options);
      evaluate =
          EvaluatePlan.compile(engine, network, parameters, Losses.softmaxCrossEntropy(), options);
      return new TextModel(engine, text, settings, parameters, train, evaluate);
    } catch (final RuntimeException | Error e) {
      close(evaluate, train, parameters);
      throw e;
    }
  }

  private static Network network(final Characters text, final Settings settings, final int steps) {
    final Shape input = Shape.batched(steps);
    final String layers = Presets.sized(settings.layers, input, text.size());
    return Presets.network(layers, input, DType.INT32);
  }

  /** A sample is drawn step by step, with the same parameters. */
  private static void requireAnySteps(final Network network, final Network ofOne) {
    final List<Value> many = network.define().learned();
    final List<Value> one = ofOne.define().learned();
    for (int i = 0; i < many.size(); i++) {
      if (!many.get(i).shape().equals(one.get(i).shape())) {
        throw GradusException.mismatch(
            many.get(i).name() + " of a model of text for 1 step",
            many.get(i).shape() + ", as for many steps",
            one.get(i).shape());
      }
    }
  }

  /** The network as text. */
  public String describe() {
    return network(text, settings, settings.steps).describe();
  }

  /** Batches in an epoch. */
  public int batches() {
    return training.batches();
  }

  /** The number of learned floats. */
  public long parameterCount() {
    return parameters.count();
  }

  /**
   * Makes a step with a batch of the epoch; the first one starts the streams anew.
   *
   * @return its loss in nats for each character.
   */
  public float step(final int batch) {
    if (batch == 0) {
      train.resetState();
    }
    training.copy(batch, train.input(), train.target());
    return train.step(settings.batch);
  }

  /** Sets the optimizer's rate for the steps to come. */
  public void learningRate(final double rate) {
    train.learningRate(rate);
  }

  /** The mean loss over the text for validation, in nats for each character. */
  public double validate() {
    evaluate.resetState();
    double sum = 0;
    for (int batch = 0; batch < validation.batches(); batch++) {
      validation.copy(batch, evaluate.input(), evaluate.target());
      sum += evaluate.run(settings.batch);
    }
    return sum / validation.batches();
  }

  /**
   * Draws a text, character by character, each from the model's distribution after those before.
   *
   * @param temperature divides the logits: below 1, likely characters become likelier.
   */
  public String sample(final int length, final double temperature, final long seed) {
    final SplittableRandom random = new SplittableRandom(seed);
    final StringBuilder drawn = new StringBuilder();
    try (PredictPlan next =
        PredictPlan.compile(engine, network(text, settings, 1), parameters, new PlanOptions(1))) {
      final float[] logits = new float[text.size()];
      int character = text.at(0);
      for (int i = 0; i < length; i++) {
        next.input().setInt(0, character);
        next.run(1);
        next.output().copyTo(logits);
        character = draw(logits, temperature, random.nextDouble());
        drawn.append(text.character(character));
      }
    }
    return drawn.toString();
  }

  private static int draw(final float[] logits, final double temperature, final double random) {
    double largest = Double.NEGATIVE_INFINITY;
    for (final float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (final float logit : logits) {
      sum += Math.exp((logit - largest) / temperature);
    }
    double left = random * sum;
    int index = 0;
    while (index < logits.length - 1) {
      left -= Math.exp((logits[index] - largest) / temperature);
      if (left < 0) {
        return index;
      }
      index++;
    }
    return index;
  }

  @Override
  public void close() {
    close(evaluate, train, parameters);
  }

  private static void close(
      final EvaluatePlan evaluate, final TrainPlan train, final Parameters parameters) {
    if (evaluate != null) {
      evaluate.close();
    }
    if (train != null) {
      train.close();
    }
    if (parameters != null) {
      parameters.close();
    }
  }
}
