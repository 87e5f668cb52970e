package dev.gradus.bench.peers;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.L2Loss;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** DJL with PyTorch, through the trainer and blocks its users write with. */
final class DjlModel {
  private DjlModel() {}

  /** Sets DJL up for this process: its libraries from the class path, nothing from the network. */
  static void load(final int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
  }

  static Training training(final ModelTask task) {
    final Shape shape = shape(task);
    final Model model = model(task);
    final Rate rate = new Rate(task.checkedRate());
    final Optimizer optimizer =
        task.adam()
            ? Optimizer.adam()
                .optLearningRateTracker(rate)
                .optBeta1((float) ModelTask.BETA1)
                .optBeta2((float) ModelTask.BETA2)
                .optEpsilon((float) ModelTask.EPSILON)
                .build()
            : Optimizer.sgd().setLearningRateTracker(rate).build();
    final Loss mean = task.labels == null ? new L2Loss("mse", 1) : Loss.softmaxCrossEntropyLoss();
    final Trainer trainer =
        model.newTrainer(new DefaultTrainingConfig(mean).optOptimizer(optimizer));
    trainer.initialize(shape);
    fill(model, task);
    final NDManager manager = trainer.getManager();
    final NDList features = new NDList(manager.create(task.features, shape));
    final NDList labels =
        new NDList(
            task.labels == null
                ? manager.create(task.targets, new Shape(task.batch, task.outputs))
                : manager.create(task.labels, new Shape(task.batch)));
    return new Training() {
      @Override
      public float step() {
        final float value;
        try (NDManager scope = manager.newSubManager()) {
          scope.tempAttachAll(features, labels);
          try (GradientCollector collector = trainer.newGradientCollector()) {
            final NDList logits = trainer.forward(features);
            final NDArray loss = mean.evaluate(labels, logits);
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

  static Prediction prediction(final ModelTask task) {
    final Model model = model(task);
    final Shape shape = shape(task);
    final NDManager manager = model.getNDManager();
    model.getBlock().initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, shape);
    fill(model, task);
    final ParameterStore store = new ParameterStore(manager, false);
    return new Prediction() {
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

  private static Shape shape(final ModelTask task) {
    return task.model.equals(ModelTask.CNN)
        ? new Shape(task.batch, 1, 28, 28)
        : new Shape(task.batch, task.inputs);
  }

  private static Model model(final ModelTask task) {
    final SequentialBlock block = new SequentialBlock();
    for (int p = 0; p < task.weights.length; p += 2) {
      if (task.shapes[p].length == 4) {
        block.add(
            Conv2d.builder()
                .setFilters((int) task.shapes[p][0])
                .setKernelShape(new Shape(3, 3))
                .build());
        block.add(Activation.reluBlock());
        block.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        if (task.shapes[p + 2].length == 2) {
          block.add(Blocks.batchFlattenBlock());
        }
      } else {
        block.add(Linear.builder().setUnits(task.shapes[p][1]).build());
        if (p + 2 < task.weights.length) {
          block.add(Activation.reluBlock());
        }
      }
    }
    final Model model = Model.newInstance(task.model, "PyTorch");
    model.setBlock(block);
    return model;
  }

  private static void fill(final Model model, final ModelTask task) {
    int p = 0;
    for (final Parameter parameter : model.getBlock().getParameters().values()) {
      parameter.getArray().set(task.turned(p++));
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
