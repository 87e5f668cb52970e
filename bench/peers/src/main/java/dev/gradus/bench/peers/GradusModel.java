package dev.gradus.bench.peers;

import dev.gradus.bench.work.Models;
import dev.gradus.optim.Optimizers;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;

/** Gradus, with either backend. */
final class GradusModel {
  private GradusModel() {}

  static Training training(final ModelTask task, final String backend, final int threads) {
    final Engine engine = Engine.open(new EngineOptions(threads, backend));
    final Parameters parameters = parameters(engine, task);
    final TrainPlan plan =
        TrainPlan.compile(
            engine,
            task.network,
            parameters,
            Models.byName(task.model).loss(),
            Optimizers.byName(task.optimizer, task.checkedRate()),
            new PlanOptions(task.batch));
    plan.input().copyFrom(task.features);
    if (task.labels == null) {
      plan.target().copyFrom(task.targets);
    } else {
      plan.target().copyFrom(task.labels);
    }
    return new Training() {
      @Override
      public float step() {
        return plan.step(task.batch);
      }

      @Override
      public void learningRate(final double rate) {
        plan.learningRate(rate);
      }

      @Override
      public void close() {
        plan.close();
        parameters.close();
        engine.close();
      }
    };
  }

  static Prediction prediction(final ModelTask task, final String backend, final int threads) {
    final Engine engine = Engine.open(new EngineOptions(threads, backend));
    final Parameters parameters = parameters(engine, task);
    final PredictPlan plan =
        PredictPlan.compile(engine, task.network, parameters, new PlanOptions(task.batch));
    return new Prediction() {
      @Override
      public void predict(final float[] features, final float[] logits) {
        plan.input().copyFrom(features);
        plan.run(task.batch);
        plan.output().copyTo(logits);
      }

      @Override
      public void close() {
        plan.close();
        parameters.close();
        engine.close();
      }
    };
  }

  /** Floating-point operations of a training step, as its plan counts them. */
  static double flops(final ModelTask task) {
    try (Engine engine = Engine.open(new EngineOptions(1, "java"))) {
      return TrainPlan.dryRun(
              engine,
              task.network,
              Models.byName(task.model).loss(),
              Optimizers.byName(task.optimizer, task.checkedRate()),
              new PlanOptions(task.batch))
          .flops();
    }
  }

  private static Parameters parameters(final Engine engine, final ModelTask task) {
    final Parameters parameters = Parameters.zeros(engine, task.network);
    int p = 0;
    for (final String name : parameters.names()) {
      parameters.tensor(name).copyFrom(task.weights[p++]);
    }
    return parameters;
  }
}
