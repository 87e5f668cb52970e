package dev.gradus.bench.peers;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** DJL with PyTorch, through the trainer and blocks its users write with. */
final class DjlMlp {
  private DjlMlp() {}

  /** Sets DJL up for this process: its libraries from the class path, nothing from the network. */
  static void load(final int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
  }

  static MlpTraining training(final MlpTask task) {
    final Model model = model();
    final Rate rate = new Rate(task.checkedRate());
    final Optimizer optimizer =
        task.adam()
            ? Optimizer.adam()
                .optLearningRateTracker(rate)
                .optBeta1((float) MlpTask.BETA1)
                .optBeta2((float) MlpTask.BETA2)
                .optEpsilon((float) MlpTask.EPSILON)
                .build()
            : Optimizer.sgd().setLearningRateTracker(rate).build();
    final Loss softmaxCrossEntropy = Loss.softmaxCrossEntropyLoss();
    final Trainer trainer =
        model.newTrainer(new DefaultTrainingConfig(softmaxCrossEntropy).optOptimizer(optimizer));
    trainer.initialize(new Shape(task.batch, MlpTask.INPUTS));
    fill(model, task);
    final NDManager manager = trainer.getManager();
    final NDList features =
        new NDList(manager.create(task.features, new Shape(task.batch, MlpTask.INPUTS)));
    final NDList labels = new NDList(manager.create(task.labels, new Shape(task.batch)));
    return new MlpTraining() {
      @Override
      public float step() {
        final float value;
        try (NDManager scope = manager.newSubManager()) {
          scope.tempAttachAll(features, labels);
          try (GradientCollector collector = trainer.newGradientCollector()) {
            final NDList logits = trainer.forward(features);
            final NDArray loss = softmaxCrossEntropy.evaluate(labels, logits);
            collector.backward(loss);
            value = loss.getFloat();
            logits.close();
            loss.close();
          }
        }
        trainer.step();
        return value;
      }

      @Override
      public void learningRate(final double value) {
        rate.value = (float) value;
      }

      @Override
      public void close() {
        trainer.close();
        model.close();
      }
    };
  }

  static MlpPrediction prediction(final MlpTask task) {
    final Model model = model();
    final Shape shape = new Shape(task.batch, MlpTask.INPUTS);
    final NDManager manager = model.getNDManager();
    model.getBlock().initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, shape);
    fill(model, task);
    final ParameterStore store = new ParameterStore(manager, false);
    return new MlpPrediction() {
      @Override
      public void predict(final float[] features, final float[] logits) {
        try (NDManager scope = manager.newSubManager()) {
          final NDList input = new NDList(scope.create(features, shape));
          final NDArray output = model.getBlock().forward(store, input, false).singletonOrThrow();
          output.toByteBuffer().asFloatBuffer().get(logits);
        }
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }

  private static Model model() {
    final Model model = Model.newInstance("784-256-10", "PyTorch");
    model.setBlock(
        new SequentialBlock()
            .add(Linear.builder().setUnits(MlpTask.HIDDEN).build())
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(MlpTask.CLASSES).build()));
    return model;
  }

  private static void fill(final Model model, final MlpTask task) {
    final float[][] values = {
      MlpTask.transpose(task.weights1, MlpTask.INPUTS, MlpTask.HIDDEN),
      task.bias1,
      MlpTask.transpose(task.weights2, MlpTask.HIDDEN, MlpTask.CLASSES),
      task.bias2
    };
    int i = 0;
    for (final Parameter parameter : model.getBlock().getParameters().values()) {
      parameter.getArray().set(values[i++]);
    }
  }

  private static final class Rate implements Tracker {
    private float value;

    Rate(final double value) {
      this.value = (float) value;
    }

    @Override
    public float getNewValue(final int updates) {
      return value;
    }
  }
}
