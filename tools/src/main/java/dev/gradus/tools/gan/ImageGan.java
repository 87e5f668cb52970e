package dev.gradus.tools.gan;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.TableEncoder;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Descent;
import dev.gradus.plan.Engine;
import dev.gradus.tools.data.EncodedRows;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.data.Source;
import dev.gradus.train.Gan;
import java.util.stream.IntStream;

/**
 * A GAN of convolutions that learns to make grey images like those of a data set.
 *
 * <p>Source: the form of both networks, Radford et al. 2016, "Unsupervised representation learning
 * with deep convolutional generative adversarial networks", but without batch normalisation in the
 * discriminator, whose batches of real and generated images would be normalised together.
 */
public final class ImageGan implements AutoCloseable {
  private static final int NOISE = 64;
  private static final int SHRINKING = 4;
  private static final int IMAGE_RANK = 4;
  private static final double BETA1 = 0.5; // with the usual 0.9 the two chase each other
  private static final double AVERAGE_DECAY = 0.99;

  private final Dataset data;
  private final Batches batches;
  private final Gan gan;
  private final Gan.Settings networks;
  private final int batch;
  private final int pixels;

  /**
   * What a user chooses.
   *
   * @param batch real images of a step.
   * @param learningRate the generator's; the discriminator, which learns faster, has half of it.
   */
  public record Settings(int batch, double learningRate, long seed) {}

  private ImageGan(
      final Dataset data,
      final Batches batches,
      final Gan gan,
      final Gan.Settings networks,
      final int batch) {
    this.data = data;
    this.batches = batches;
    this.gan = gan;
    this.networks = networks;
    this.batch = batch;
    this.pixels = Math.toIntExact(data.features().shape().rowElements());
  }

  /**
   * Prepares networks that have learned nothing yet.
   *
   * @throws GradusException where the samples are no images of one channel whose sides are
   *     multiples of 4.
   */
  public static ImageGan open(final Engine engine, final Source source, final Settings settings) {
    final Samples samples = source.samples();
    final Shape image = samples.features().row();
    if (image.rank() != IMAGE_RANK
        || image.dim(1) != 1
        || image.dim(2) % SHRINKING != 0
        || image.dim(3) % SHRINKING != 0) {
      throw GradusException.mismatch(
          samples.source(),
          "images of one channel, height and width multiples of " + SHRINKING,
          "rows of shape " + image);
    }
    final Dataset data =
        Dataset.open(
            engine.account(),
            TensorType.float32(image),
            TensorType.float32(Shape.batched(1)),
            samples.rows());
    try {
      new EncodedRows(samples, TableEncoder.ofNumbers(samples.features().width(), source.scaling()))
          .copyAll(data.features(), 0);
      final int[] rows = IntStream.range(0, samples.rows()).toArray();
      final Batches batches = new Batches(data, rows, settings.batch, settings.seed, true, false);
      final Gan.Settings networks =
          new Gan.Settings(
              generator(image),
              discriminator(image),
              Losses.ganGenerator(),
              Losses.ganDiscriminator(),
              descent(settings.learningRate).withAverage(AVERAGE_DECAY),
              descent(settings.learningRate / 2));
      final Gan gan = Gan.open(engine, networks, settings.batch, settings.seed);
      return new ImageGan(data, batches, gan, networks, settings.batch);
    } catch (final RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  private static Descent descent(final double learningRate) {
    return Descent.of(new Adam(learningRate, BETA1, 0.999, 1e-8, 0));
  }

  /** The side of the smallest feature maps is a quarter of an image's. */
  private static Network generator(final Shape image) {
    final int height = image.dim(2) / SHRINKING;
    final int width = image.dim(3) / SHRINKING;
    return Network.parse(
        ("input(%d) dense(%d) reshape(64,%d,%d) batch_norm() leaky_relu(0.2)"
                + " conv_transpose2d(32,4,2,1) batch_norm() leaky_relu(0.2)"
                + " conv_transpose2d(1,4,2,1,sigmoid)")
            .formatted(NOISE, 64 * height * width, height, width));
  }

  private static Network discriminator(final Shape image) {
    return Network.parse(
        ("input(1,%d,%d) conv2d(32,4,2,1,leaky_relu(0.2)) conv2d(64,4,2,1,leaky_relu(0.2))"
                + " conv2d(128,3,2,1,leaky_relu(0.2)) flatten() dropout(0.3) dense(1)")
            .formatted(image.dim(2), image.dim(3)));
  }

  /** The two networks as text. */
  public String describe() {
    return networks.generator().describe() + " against " + networks.discriminator().describe();
  }

  /** Real images, spread evenly over the data: pixels from 0 to 1, (count, pixels). */
  public float[][] real(final int count) {
    final float[][] images = new float[Math.min(count, data.rows())][pixels];
    for (int i = 0; i < images.length; i++) {
      final long row = (long) i * data.rows() / images.length;
      for (int pixel = 0; pixel < pixels; pixel++) {
        images[i][pixel] = data.features().get(row * pixels + pixel);
      }
    }
    return images;
  }

  public int stepsPerEpoch() {
    return batches.batchesPerEpoch();
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
    for (int first = 0; first < count; first += batch) {
      final int rows = Math.min(batch, count - first);
      final Tensor made = gan.generate(rows, first);
      for (int i = 0; i < rows * pixels; i++) {
        images[first + i / pixels][i % pixels] = made.get(i);
      }
    }
    return images;
  }

  @Override
  public void close() {
    gan.close();
    data.close();
  }
}
