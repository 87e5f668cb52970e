package dev.gradus.tools.training;

import dev.gradus.data.Batches;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Network;
import dev.gradus.optim.Schedule;
import dev.gradus.optim.Schedules;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.data.TrainingSet;
import dev.gradus.tools.model.ModelCard;
import dev.gradus.tools.model.Models;
import dev.gradus.tools.report.AtomicFile;
import dev.gradus.tools.report.History;
import dev.gradus.tools.report.HistoryPicture;
import dev.gradus.tools.report.JsonReport;
import dev.gradus.train.EarlyStopping;
import dev.gradus.train.Stopping;
import dev.gradus.train.TargetLoss;
import dev.gradus.train.TimeBudget;
import dev.gradus.train.Trainer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The part of a run that has its data and its engine: warm up, train, save, score, report. */
final class TrainingSession {
  /** Steps at the start of a measured run that its figures leave out. */
  private static final long SETTLING_STEPS = 200;

  private final TrainingOptions options;
  private final PrintWriter out;
  private final int columns;
  private final Engine engine;
  private final Samples samples;
  private final TrainingSet set;
  private final Network network;
  private final History history = new History();

  TrainingSession(
      final TrainingOptions options,
      final PrintWriter out,
      final int columns,
      final Engine engine,
      final Samples samples,
      final TrainingSet set,
      final Network network) {
    this.options = options;
    this.out = out;
    this.columns = columns;
    this.engine = engine;
    this.samples = samples;
    this.set = set;
    this.network = network;
  }

  /** Its scores. */
  Scores run() {
    schedule(batches()); // what is wrong with it is said before anything is trained
    final int capacity = options.batches().rows(set);
    if (isMeasured()) {
      out.printf(
          "warm-up  %d steps on other weights, so that the report tells of compiled code%n",
          WarmUp.run(engine, network, options, batches(), validation()));
    }
    try (Parameters parameters = Parameters.initialise(engine, network, options.seed());
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                options.trainingLoss(),
                options.descent(),
                new PlanOptions(capacity).withSeed(options.seed()))) {
      out.printf("%n%s%n", plan.report());
      requireAnnounced(plan);
      try (Parameters averages = isAveraged() ? Parameters.zeros(engine, network) : null) {
        return trainAndSave(averages == null ? parameters : averages, plan);
      }
    }
  }

  /** Whether what is scored and saved is the average of the weights. */
  private boolean isAveraged() {
    return options.descent().averageDecay() > 0;
  }

  private boolean isMeasured() {
    return options.report() != null;
  }

  private Batches batches() {
    return options.batches().of(set, samples.features().row(), options.seed());
  }

  /** Null where there is no part for it. */
  private Batches validation() {
    final int[] rows = set.partition().validation();
    return rows.length == 0 ? null : Scores.batches(set.data(), rows);
  }

  private void requireAnnounced(final TrainPlan plan) {
    final long announced = plan.report().totalBytes();
    final long taken = engine.account().openBytes();
    if (taken != announced) {
      throw new IllegalStateException(
          "off-heap bytes mismatch: expected=" + announced + " as announced, actual=" + taken);
    }
  }

  private Scores trainAndSave(final Parameters result, final TrainPlan plan) {
    try (EvaluatePlan scoring =
        EvaluatePlan.compile(
            engine, network, result, options.loss(), new PlanOptions(Scores.BATCH))) {
      return trainAndSave(result, plan, scoring);
    }
  }

  private Scores trainAndSave(
      final Parameters parameters, final TrainPlan plan, final EvaluatePlan scoring) {
    final Batches batches = batches();
    final long steps = (long) options.epochs() * batches.batchesPerEpoch();
    final StepMeter meter =
        new StepMeter(isMeasured() ? Math.min(SETTLING_STEPS, steps / 2) + 1 : 1);
    try (StopOnInterrupt interrupt = StopOnInterrupt.open()) {
      final Trainer.Result result = train(parameters, plan, batches, scoring, meter, interrupt);
      if (result.stopped()) {
        out.printf(
            "stopped after step %d of %d, %d epochs: %s%n",
            result.steps(), updates(batches), result.epochs(), result.reason());
      }
      save(parameters);
      final Scores scores = Scores.of(network, scoring, set);
      out.printf(
          Locale.ROOT,
          "speed       %.0f steps/s, %.0f samples/s%n%s",
          meter.stepsPerSecond(),
          meter.samplesPerSecond(),
          scores);
      out.printf("model       %s, weights of SHA-256 %s%n", options.model(), parameters.sha256());
      final String reason = HistoryPicture.draw(options.picture(), history);
      out.printf("picture     %s%n", reason == null ? options.picture() : "none: " + reason);
      if (options.network().reconstructs()) {
        final Path images = Reconstructions.beside(options.picture());
        Reconstructions.draw(images, scoring, set, samples.features().row());
        out.printf("images      %s, each over its reconstruction%n", images);
      }
      if (isMeasured()) {
        JsonReport.write(
            options.report(),
            RunReport.of(options, engine, plan, parameters, result, scores, meter));
        out.printf("report      %s%n", options.report());
      }
      out.flush();
      return scores;
    }
  }

  private Trainer.Result train(
      final Parameters parameters,
      final TrainPlan plan,
      final Batches batches,
      final EvaluatePlan scoring,
      final StepMeter meter,
      final StopOnInterrupt interrupt) {
    final StoppingOptions when = options.stopping();
    try (Progress progress = progress(batches.rows());
        EarlyStopping early =
            when.patience() == 0
                ? null
                : new EarlyStopping(engine, network, parameters, when.patience(), 0)) {
      final Batches validation = validation();
      final RunListener listener = new RunListener(meter, progress, history, validation != null);
      final Trainer trainer =
          new Trainer(plan, batches, listener).schedule(schedule(batches)).stopping(rules(early));
      if (validation != null) {
        trainer.validation(scoring, validation);
      }
      if (isAveraged()) {
        trainer.averages(parameters);
      }
      interrupt.stops(trainer);
      listener.begin();
      final Trainer.Result result = trainer.run(options.epochs());
      meter.closeEpoch();
      return result;
    }
  }

  private Schedule schedule(final Batches batches) {
    final long updates = updates(batches);
    if (updates == 0) {
      throw GradusException.outOfRange(
          "accumulated batches",
          "at most " + (long) options.epochs() * batches.batchesPerEpoch() + ", those of the run",
          options.descent().accumulation());
    }
    return Schedules.parse(options.schedule(), updates);
  }

  /** Updates of a run that makes all its epochs. */
  private long updates(final Batches batches) {
    return (long) options.epochs() * batches.batchesPerEpoch() / options.descent().accumulation();
  }

  private Stopping[] rules(final EarlyStopping early) {
    final List<Stopping> rules = new ArrayList<>();
    if (early != null) {
      rules.add(early);
    }
    if (options.stopping().targetLoss() != null) {
      rules.add(new TargetLoss(options.stopping().targetLoss()));
    }
    if (options.stopping().maxSeconds() != null) {
      rules.add(new TimeBudget(options.stopping().maxSeconds()));
    }
    return rules.toArray(Stopping[]::new);
  }

  private Progress progress(final int rows) {
    return columns > 0
        ? new BarProgress(System.out, options.epochs(), (long) rows * options.epochs(), columns)
        : new LineProgress(out, options.epochs());
  }

  private void save(final Parameters parameters) {
    AtomicFile.makeFolderOf(options.model());
    final ModelCard card =
        new ModelCard(
            options.data(),
            options.loss().describe(),
            samples.features().names(),
            set.encoder(),
            set.classes(),
            samples.target(),
            samples.targetColumn(),
            set.targetScaling(),
            options.network().reconstructs());
    Models.write(options.model(), network, parameters, card);
  }
}
