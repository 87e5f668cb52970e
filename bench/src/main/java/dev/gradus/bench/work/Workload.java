package dev.gradus.bench.work;

import dev.gradus.io.ModelFile;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.optim.Optimizers;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PlanReport;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A model, its engine and one resident batch of random numbers, from fixed seeds. The model is one
 * of {@link Models}, or a model file of the user's own, whose loss its metadata name.
 *
 * <p>Float inputs are uniform in [0, 1), class targets uniform, int32 inputs 0, which every
 * embedding has.
 */
public final class Workload implements AutoCloseable {
  private static final String FILE_SUFFIX = ".safetensors";
  private static final String LOSS_KEY = "gradus.loss";
  private static final double LEARNING_RATE = 1e-3;
  private static final long SEED = 1;

  private final Engine engine;
  private final Models.Entry model;
  private final Parameters parameters;
  private final int batch;

  private Workload(
      final Engine engine, final Models.Entry model, final Parameters parameters, final int batch) {
    this.engine = engine;
    this.model = model;
    this.parameters = parameters;
    this.batch = batch;
  }

  /**
   * Opens an engine and a model's parameters.
   *
   * @param model a name, or a path that ends in {@code .safetensors}.
   * @throws GradusException where there is no such model, or it can't be read.
   */
  public static Workload open(
      final String model, final int batch, final String backend, final int threads) {
    final Engine engine = Engine.open(new EngineOptions(threads, backend));
    try {
      if (model.endsWith(FILE_SUFFIX)) {
        final ModelFile file = read(engine, Path.of(model));
        return new Workload(
            engine, new Models.Entry(file.network(), loss(file)), file.parameters(), batch);
      }
      final Models.Entry entry = Models.byName(model);
      return new Workload(
          engine, entry, Parameters.initialise(engine, entry.network(), SEED), batch);
    } catch (final GradusException e) {
      engine.close();
      throw e;
    }
  }

  private static ModelFile read(final Engine engine, final Path file) {
    try {
      return ModelFile.read(engine, file);
    } catch (final NoSuchFileException e) {
      throw new GradusException(
          "cannot read " + file + ": expected=a model file, actual=no such file", e);
    } catch (final IOException e) {
      throw new GradusException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static dev.gradus.loss.Loss loss(final ModelFile file) {
    final boolean number = file.network().output().shape().last() == 1;
    return Losses.byName(file.metadata().getOrDefault(LOSS_KEY, number ? "mse" : "cross-entropy"));
  }

  public Engine engine() {
    return engine;
  }

  public Network network() {
    return model.network();
  }

  public Parameters parameters() {
    return parameters;
  }

  public int batch() {
    return batch;
  }

  /** A training plan with its batch in place; the caller closes it. */
  public TrainPlan training(final String optimizer) {
    final TrainPlan plan =
        TrainPlan.compile(
            engine,
            model.network(),
            parameters,
            model.loss(),
            Optimizers.byName(optimizer, LEARNING_RATE),
            new PlanOptions(batch));
    final SplittableRandom random = new SplittableRandom(SEED);
    fill(plan.input(), random, 1);
    fill(plan.target(), random, model.network().output().shape().last());
    return plan;
  }

  /** What {@link #training} announces, without taking memory. */
  public PlanReport announced(final String optimizer) {
    return TrainPlan.dryRun(
        engine,
        model.network(),
        model.loss(),
        Optimizers.byName(optimizer, LEARNING_RATE),
        new PlanOptions(batch));
  }

  /** A prediction plan with its batch in place; the caller closes it. */
  public PredictPlan prediction() {
    final PredictPlan plan =
        PredictPlan.compile(engine, model.network(), parameters, new PlanOptions(batch));
    fill(plan.input(), new SplittableRandom(SEED), 1);
    return plan;
  }

  private static void fill(final Tensor tensor, final SplittableRandom random, final int classes) {
    for (long i = 0; i < tensor.elements(); i++) {
      if (tensor.type().dtype() == DType.INT32) {
        tensor.setInt(i, random.nextInt(classes));
      } else {
        tensor.set(i, (float) random.nextDouble());
      }
    }
  }

  /** The work of one run of a plan over the whole batch. */
  public Work work(final PlanReport report) {
    double bytes = 0;
    for (final PlanReport.StepReport step : report.steps()) {
      bytes += step.bytes();
    }
    return new Work(report.flops(), Work.Bytes.read(bytes), batch, report.totalBytes());
  }

  @Override
  public void close() {
    parameters.close();
    engine.close();
  }
}
