package dev.gradus.tools.training;

import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.TrainPlan;
import dev.gradus.tools.scoring.Figure;
import dev.gradus.tools.scoring.Score;
import dev.gradus.train.Trainer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of a run under the names its report gives them. */
final class RunReport {
  private static final double MEDIAN = 50;
  private static final double TAIL = 99;

  private RunReport() {}

  static Map<String, Object> of(
      final TrainingOptions options,
      final Engine engine,
      final TrainPlan plan,
      final Parameters parameters,
      final Trainer.Result result,
      final Scores scores,
      final StepMeter meter) {
    final Map<String, Object> values = new LinkedHashMap<>();
    values.put("dataset", options.data());
    values.put("model", plan.report().title());
    values.put("parameters", parameters.count());
    values.put("loss", options.loss().describe());
    values.put("optimizer", options.descent().optimizer().name());
    values.put("learningRate", options.descent().optimizer().learningRate());
    values.put("weightDecay", options.descent().optimizer().weightDecay());
    values.put("accumulate", options.descent().accumulation());
    values.put("averageDecay", options.descent().averageDecay());
    values.put("schedule", options.schedule());
    values.put("batch", plan.input().shape().dim(0));
    values.put("dropLast", options.batches().dropLast());
    values.put("balanced", options.batches().balanced());
    values.put(
        "augmentation",
        options.batches().augmentation() == null
            ? ""
            : options.batches().augmentation().describe());
    values.put("seed", options.seed());
    values.put("threads", engine.threads());
    values.put("backend", engine.backend().gemm().name());
    values.put("kernels", engine.backend().mode().name().toLowerCase(Locale.ROOT));
    values.put("epochs", result.epochs());
    values.put("steps", result.steps());
    values.put("stopped", result.stopped());
    values.put("stopReason", result.stopped() ? result.reason() : "");
    values.put("trainingRows", scores.training().rows());
    values.put("validationRows", rows(scores.validation()));
    values.put("testRows", rows(scores.test()));
    put(values, "train", scores.training());
    put(values, "validation", scores.validation());
    put(values, "test", scores.test());
    values.put("measuredSteps", meter.steps());
    values.put("stepsPerSecond", meter.stepsPerSecond());
    values.put("samplesPerSecond", meter.samplesPerSecond());
    values.put("p50StepMicros", meter.percentileMicros(MEDIAN));
    values.put("p99StepMicros", meter.percentileMicros(TAIL));
    values.put("heapBytesPerStep", meter.heapBytesPerStep());
    values.put("offHeapBytes", plan.report().totalBytes());
    values.put("weightsSha256", parameters.sha256());
    values.put("modelFile", options.model().toString());
    return values;
  }

  private static int rows(final Score score) {
    return score == null ? 0 : score.rows();
  }

  private static void put(final Map<String, Object> values, final String part, final Score score) {
    if (score == null) {
      return;
    }
    for (final Figure figure : score.figures()) {
      values.put(figure.key(part), figure.value());
    }
  }
}
