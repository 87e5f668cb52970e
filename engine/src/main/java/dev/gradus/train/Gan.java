package dev.gradus.train;

import dev.gradus.kernel.Philox;
import dev.gradus.loss.Loss;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.optim.Descent;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Two networks that learn from each other: a generator makes samples of noise, a discriminator
 * learns to tell them from real ones, and the generator to be taken for real. Each step trains the
 * generator through the discriminator, whose weights stay, then the discriminator on real samples
 * and on as many that the generator has just made. Both do then what they do in training: were
 * samples made with running statistics, the discriminator would learn to see those, about which the
 * generator, trained with the batch's own, could do nothing.
 *
 * <p>Where the generator's descent keeps moving averages of the weights, {@link #generate} uses
 * them: what a generator makes swings from step to step, less so by its averages.
 *
 * <pre>{@code
 * gan.real().copyFrom(samples); // (2 * capacity, ...), of which rows count
 * gan.step(rows);
 * Tensor made = gan.generate(rows, seed);
 * }</pre>
 *
 * <p>Source: Goodfellow et al. 2014. One thread uses it at a time.
 */
public final class Gan implements AutoCloseable {
  private final List<AutoCloseable> opened;
  private final Parameters generator; // of the generator and, frozen behind it, the discriminator
  private final Parameters discriminator;
  private final TrainPlan generatorPlan;
  private final TrainPlan discriminatorPlan;
  private final Tensor made; // by the generator in its step
  private final Parameters averages; // the generator's; its own where its descent keeps none
  private final PredictPlan samples;
  private final Tensor[] learned; // the discriminator's, in its own parameters
  private final Tensor[] copies; // and in the generator's
  private final int capacity;
  private final long seed;
  private final long sampleBytes;
  private long steps;
  private float generatorLoss;
  private float discriminatorLoss;

  /**
   * How the two learn.
   *
   * @param generator from float noise (N,n) to samples, of the discriminator's input shape.
   * @param discriminator from samples to (N,1), a logit or a score.
   * @param generatorLoss one of the losses of generators: {@code gan-generator}.
   * @param discriminatorLoss its counterpart: {@code gan-discriminator}.
   */
  public record Settings(
      Network generator,
      Network discriminator,
      Loss generatorLoss,
      Loss discriminatorLoss,
      Descent generatorDescent,
      Descent discriminatorDescent) {
    public Settings {
      if (!generator.output().equals(TensorType.float32(discriminator.input()))) {
        throw GradusException.mismatch(
            "output of generator", discriminator.input(), generator.output());
      }
      if (!discriminator.output().shape().equals(Shape.batched(1))) {
        throw GradusException.mismatch(
            "output of discriminator", Shape.batched(1), discriminator.output());
      }
    }

    /** The generator with the discriminator behind it. */
    Network joined() {
      final List<Layer> layers = new ArrayList<>(generator.layers());
      layers.addAll(discriminator.layers());
      return new Network(generator.input(), layers);
    }

    /** The generator's descent, in which what the discriminator has learned stays. */
    Descent joinedDescent(final Parameters ofDiscriminator) {
      final Set<String> learned = new LinkedHashSet<>();
      ofDiscriminator.names().forEach(name -> learned.add(behind(name, "*")));
      final Descent descent = generatorDescent;
      final List<Descent.Group> groups = new ArrayList<>();
      learned.forEach(names -> groups.add(new Descent.Group(names, null)));
      groups.addAll(descent.groups()); // the first that fits counts
      return new Descent(
          descent.optimizer(),
          groups,
          descent.l1(),
          descent.clipValue(),
          descent.clipNorm(),
          descent.accumulation(),
          descent.averageDecay(),
          descent.weightClip());
    }

    /**
     * What a parameter of the discriminator, or all of its layer, is called behind the generator.
     */
    String behind(final String name, final String parameter) {
      final int layer = Integer.parseInt(name.substring(0, name.indexOf('.')));
      return generator.layers().size() + layer + "." + parameter;
    }
  }

  /**
   * Compiles both.
   *
   * @param capacity the most real rows of a step.
   * @param seed of the weights and of the noise: the same seed gives the same bits.
   */
  public static Gan open(
      final Engine engine, final Settings settings, final int capacity, final long seed) {
    final List<AutoCloseable> opened = new ArrayList<>();
    try {
      return new Gan(engine, settings, capacity, seed, opened);
    } catch (final RuntimeException | Error e) {
      closeAll(opened);
      throw e;
    }
  }

  private Gan(
      final Engine engine,
      final Settings settings,
      final int capacity,
      final long seed,
      final List<AutoCloseable> opened) {
    final Network joined = settings.joined();
    this.opened = opened;
    this.capacity = capacity;
    this.seed = seed;
    this.generator = keep(opened, Parameters.initialise(engine, joined, seed));
    this.discriminator = keep(opened, Parameters.initialise(engine, settings.discriminator, ~seed));
    this.generatorPlan =
        keep(
            opened,
            TrainPlan.compile(
                engine,
                joined,
                generator,
                settings.generatorLoss,
                settings.joinedDescent(discriminator),
                new PlanOptions(capacity).withSeed(seed).withInspection()));
    final int layers = settings.generator.layers().size();
    this.made = generatorPlan.activation(Integer.toString(layers - 1));
    this.discriminatorPlan =
        keep(
            opened,
            TrainPlan.compile(
                engine,
                settings.discriminator,
                discriminator,
                settings.discriminatorLoss,
                settings.discriminatorDescent,
                new PlanOptions(2 * capacity).withSeed(seed)));
    final boolean averaged = settings.generatorDescent.averageDecay() > 0;
    this.averages = averaged ? keep(opened, Parameters.zeros(engine, joined)) : generator;
    this.samples =
        keep(
            opened,
            PredictPlan.compile(engine, settings.generator, averages, new PlanOptions(capacity)));
    this.learned = new Tensor[discriminator.names().size()];
    this.copies = new Tensor[learned.length];
    int next = 0;
    for (final String name : discriminator.names()) {
      final String parameter = name.substring(name.indexOf('.') + 1);
      learned[next] = discriminator.tensor(name);
      copies[next++] = generator.tensor(settings.behind(name, parameter));
    }
    this.sampleBytes = settings.discriminator.input().rowElements() * Float.BYTES;
    for (long row = 0; row < generatorPlan.target().elements(); row++) {
      generatorPlan.target().set(row, 1f); // a generator's loss wants to be taken for real
    }
    copyDiscriminator();
  }

  private static <T extends AutoCloseable> T keep(final List<AutoCloseable> opened, final T more) {
    opened.add(more);
    return more;
  }

  /** Where to write real samples, (2 * capacity, ...): those of a step are its first rows. */
  public Tensor real() {
    return discriminatorPlan.input();
  }

  /** The discriminator's targets, (2 * capacity, 1), which each step writes itself. */
  public Tensor targets() {
    return discriminatorPlan.target();
  }

  /**
   * Makes one step with the first rows of {@link #real()}.
   *
   * @param rows 1 up to the capacity.
   * @throws GradusException where rows are out of range; nothing has changed then.
   */
  public void step(final int rows) {
    if (rows < 1 || rows > capacity) {
      throw GradusException.outOfRange("rows of a step", "1 to " + capacity, rows);
    }
    fill(generatorPlan.input(), steps);
    generatorLoss = generatorPlan.step(rows);
    append(rows);
    for (int row = 0; row < 2 * rows; row++) {
      discriminatorPlan.target().set(row, row < rows ? 1f : 0f);
    }
    discriminatorLoss = discriminatorPlan.step(2 * rows);
    copyDiscriminator();
    steps++;
  }

  /** Generated samples behind the real ones. */
  private void append(final int rows) {
    final Tensor all = discriminatorPlan.input();
    all.acquire();
    made.acquire();
    try {
      OffHeap.copy(made.address(), all.address() + rows * sampleBytes, rows * sampleBytes);
    } finally {
      made.release();
      all.release();
    }
  }

  private void copyDiscriminator() {
    for (int i = 0; i < learned.length; i++) {
      copies[i].copyFrom(learned[i]);
    }
  }

  /** Uniform noise from -1 to 1. */
  private void fill(final Tensor noise, final long stream) {
    noise.acquire();
    try {
      Philox.uniform(seed, stream, noise.address(), noise.elements(), -1f, 1f);
    } finally {
      noise.release();
    }
  }

  /**
   * Generates samples, by the averaged weights where there are any.
   *
   * @param rows 1 up to the capacity.
   * @param stream 0 or more: the same one gives the same noise.
   * @return (capacity, ...), good until the next call or step.
   */
  public Tensor generate(final int rows, final long stream) {
    if (averages != generator) {
      generatorPlan.copyAverages(averages);
    }
    fill(samples.input(), ~stream); // below 0, where no step is
    samples.run(rows);
    return samples.output();
  }

  /** The generator's loss in the last step. */
  public float generatorLoss() {
    return generatorLoss;
  }

  /** The discriminator's loss in the last step. */
  public float discriminatorLoss() {
    return discriminatorLoss;
  }

  /** Steps made. */
  public long steps() {
    return steps;
  }

  /** SHA-256 over all weights. */
  public String sha256() {
    return generator.sha256();
  }

  @Override
  public void close() {
    closeAll(opened);
  }

  private static void closeAll(final List<AutoCloseable> opened) {
    for (int i = opened.size() - 1; i >= 0; i--) {
      try {
        opened.get(i).close();
      } catch (final RuntimeException e) {
        throw e;
      } catch (final Exception e) {
        throw new IllegalStateException("plans and parameters throw no checked exception", e);
      }
    }
  }
}
