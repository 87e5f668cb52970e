package dev.gradus.bench.peers;

import dev.gradus.loss.Losses;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Optimizers;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;

/** Gradus, with either backend. */
final class GradusMlp {
  private static final Network NETWORK =
      Network.mlp(Activations.RELU, MlpTask.INPUTS, MlpTask.HIDDEN, MlpTask.CLASSES);

  private GradusMlp() {}

  static MlpTraining training(final MlpTask task, final String backend, final int threads) {
    final Engine engine = Engine.open(new EngineOptions(threads, backend));
    final Parameters parameters = parameters(engine, task);
    final TrainPlan plan =
        TrainPlan.compile(
            engine,
            NETWORK,
            parameters,
            Losses.softmaxCrossEntropy(),
            Optimizers.byName(task.optimizer, task.checkedRate()),
            new PlanOptions(task.batch));
    plan.input().copyFrom(task.features);
    plan.target().copyFrom(task.labels);
    return new MlpTraining() {
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

  static MlpPrediction prediction(final MlpTask task, final String backend, final int threads) {
    final Engine engine = Engine.open(new EngineOptions(threads, backend));
    final Parameters parameters = parameters(engine, task);
    final PredictPlan plan =
        PredictPlan.compile(engine, NETWORK, parameters, new PlanOptions(task.batch));
    return new MlpPrediction() {
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

  private static Parameters parameters(final Engine engine, final MlpTask task) {
    final Parameters parameters = Parameters.zeros(engine, NETWORK);
    final float[][] values = {task.weights1, task.bias1, task.weights2, task.bias2};
    int i = 0;
    for (final String name : parameters.names()) {
      parameters.tensor(name).copyFrom(values[i++]);
    }
    return parameters;
  }
}
