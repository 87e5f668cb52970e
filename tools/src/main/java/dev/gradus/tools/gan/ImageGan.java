package dev.gradus.tools.gan;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Scaling;
import dev.gradus.data.TableEncoder;
import dev.gradus.io.ModelFile;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Descent;
import dev.gradus.plan.Engine;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.tools.data.EncodedRows;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.model.ModelCard;
import dev.gradus.tools.scoring.Predictions;
import dev.gradus.train.Gan;
import java.util.stream.IntStream;

/** A GAN of dense layers that learns to make images like those of a data set. */
public final class ImageGan implements AutoCloseable {
  private static final int NOISE = 64;

  private final Engine engine;
  private final Dataset data;
  private final Batches batches;
  private final Gan gan;
  private final Settings settings;
  private final int pixels;
  private final double largest;

  /**
   * What a user chooses.
   *
   * @param batch real images of a step.
   * @param learningRate of both optimizers.
   */
  public record Settings(int batch, double learningRate, long seed) {}

  private ImageGan(
      final Engine engine,
      final Dataset data,
      final Batches batches,
      final Gan gan,
      final Settings settings,
      final double largest) {
    this.engine = engine;
    this.data = data;
    this.batches = batches;
    this.gan = gan;
    this.settings = settings;
    this.pixels = Math.toIntExact(data.features().shape().rowElements());
    this.largest = largest;
  }

  /**
   * Prepares networks that have learned nothing yet.
   *
   * @param largest value of a pixel.
   */
  public static ImageGan open(
      final Engine engine, final Samples samples, final double largest, final Settings settings) {
    final int pixels = samples.features().width();
    final Dataset data =
        Dataset.open(
            engine.account(),
            TensorType.float32(Shape.batched(pixels)),
            TensorType.float32(Shape.batched(1)),
            samples.rows());
    try {
      new EncodedRows(samples, TableEncoder.ofNumbers(pixels, Scaling.uniform(largest)))
          .copyAll(data.features(), 0);
      final int[] rows = IntStream.range(0, samples.rows()).toArray();
      final Batches batches = new Batches(data, rows, settings.batch, settings.seed, true, false);
      final Descent descent = Descent.of(new Adam(settings.learningRate, 0.5, 0.999, 1e-8, 0));
      final Gan.Settings networks =
          new Gan.Settings(
              generator(pixels),
              discriminator(pixels),
              Losses.ganGenerator(),
              Losses.ganDiscriminator(),
              descent,
              descent);
      final Gan gan = Gan.open(engine, networks, settings.batch, settings.seed);
      return new ImageGan(engine, data, batches, gan, settings, largest);
    } catch (final RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  private static Network generator(final int pixels) {
    return Network.parse(
        "input("
            + NOISE
            + ") dense(256,leaky_relu(0.2)) dense(512,leaky_relu(0.2)) dense(1024,leaky_relu(0.2))"
            + " dense("
            + pixels
            + ",sigmoid)");
  }

  private static Network discriminator(final int pixels) {
    return Network.parse(
        "input("
            + pixels
            + ") dense(512,leaky_relu(0.2)) dropout(0.3) dense(256,leaky_relu(0.2)) dropout(0.3)"
            + " dense(1)");
  }

  /** The two networks as text. */
  public String describe() {
    return generator(pixels).describe() + " against " + discriminator(pixels).describe();
  }

  /** The mean losses of an epoch. */
  public record Epoch(double generator, double discriminator) {}

  /** Goes through all images once. */
  public Epoch epoch(final int number) {
    batches.startEpoch(number);
    double generator = 0;
    double discriminator = 0;
    int steps = 0;
    for (int rows = next(); rows > 0; rows = next()) {
      gan.step(rows);
      generator += gan.generatorLoss();
      discriminator += gan.discriminatorLoss();
      steps++;
    }
    return new Epoch(generator / steps, discriminator / steps);
  }

  private int next() {
    return batches.next(gan.real(), gan.targets());
  }

  /**
   * Generates images.
   *
   * @return pixels from 0 to 1, (count, pixels).
   */
  public float[][] generate(final int count) {
    final float[][] images = new float[count][pixels];
    for (int first = 0; first < count; first += settings.batch) {
      final int rows = Math.min(settings.batch, count - first);
      final Tensor made = gan.generate(rows, first);
      for (int i = 0; i < rows * pixels; i++) {
        images[first + i / pixels][i % pixels] = made.get(i);
      }
    }
    return images;
  }

  /**
   * How sure a classifier is of images: the mean of the largest probability of each.
   *
   * @throws GradusException where it takes other images or is none.
   */
  public double confidence(final ModelFile model, final float[][] images) {
    final ModelCard card = ModelCard.of(model);
    if (card.isRegression() || card.encoder().numbers() != pixels) {
      throw GradusException.mismatch(
          "classifier", "classes of " + pixels + " pixels", model.network().describe());
    }
    final Network network = Predictions.withSoftmax(model.network());
    double sum = 0;
    try (PredictPlan plan =
        PredictPlan.compile(engine, network, model.parameters(), new PlanOptions(1))) {
      for (final float[] image : images) {
        for (int i = 0; i < pixels; i++) {
          plan.input().set(i, card.encoder().scaling().apply(i, image[i] * largest));
        }
        plan.run(1);
        double best = 0;
        for (int c = 0; c < plan.output().elements(); c++) {
          best = Math.max(best, plan.output().get(c));
        }
        sum += best;
      }
    }
    return sum / images.length;
  }

  @Override
  public void close() {
    gan.close();
    data.close();
  }
}
