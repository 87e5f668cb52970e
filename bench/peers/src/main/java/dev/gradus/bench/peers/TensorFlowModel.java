package dev.gradus.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * TensorFlow in graph mode: resource variables, its fused softmax cross-entropy and its one-pass
 * optimizer kernels, channels last, the batch in variables of its own, one {@code Session.run} a
 * step.
 */
final class TensorFlowModel implements Training, Prediction {
  private final ModelTask task;
  private final Graph graph = new Graph();
  private final Ops ops = Ops.create(graph);
  private final Session session;
  private final List<Op> initialisers = new ArrayList<>();
  private final List<VarHandleOp> parameters = new ArrayList<>();
  private final Operand<TFloat32> rate;
  private final Placeholder<TFloat32> rateToCome;
  private final Op assignRate;
  private final TFloat32 input; // a batch, for predictions
  private final Placeholder<TFloat32> features;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> loss;
  private final List<Op> updates = new ArrayList<>();
  private TensorFlowLstm lstm; // null where the model has none
  private Operand<TFloat32> hidden; // its output

  TensorFlowModel(final ModelTask task, final int threads, final boolean training) {
    this.task = task;
    final List<Shape> shapes = new ArrayList<>();
    final List<float[]> values = new ArrayList<>();
    for (int p = 0; p < task.weights.length; p++) {
      shapes.add(shape(p));
      values.add(values(p));
    }
    if (task.model.equals(ModelTask.LSTM)) {
      // One matrix for the input and the state, as its op takes it.
      shapes.set(0, Shape.of(shapes.get(0).get(0) + shapes.get(1).get(0), shapes.remove(1).get(1)));
      values.set(0, joined(values.get(0), values.remove(1)));
    }
    final List<Operand<TFloat32>> reads = new ArrayList<>();
    for (int p = 0; p < shapes.size(); p++) {
      final VarHandleOp variable = variable("p" + p, shapes.get(p), values.get(p));
      parameters.add(variable);
      reads.add(ops.readVariableOp(variable, TFloat32.class));
    }
    final Shape inputShape = inputShape();
    input = TFloat32.tensorOf(inputShape);
    features = ops.placeholder(TFloat32.class, Placeholder.shape(inputShape));
    rateToCome = ops.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    final VarHandleOp rateVariable =
        variable("rate", Shape.scalar(), new float[] {(float) task.checkedRate()});
    rate = ops.readVariableOp(rateVariable, TFloat32.class);
    assignRate = ops.assignVariableOp(rateVariable, rateToCome);
    if (training) {
      final Operand<TFloat32> resident =
          ops.readVariableOp(variable("features", inputShape, features(task)), TFloat32.class);
      logits = forward(resident, reads);
      final Operand<TFloat32> dLogits;
      if (task.labels == null) {
        final Operand<TFloat32> difference = ops.math.sub(logits, targets());
        loss = ops.math.mean(ops.math.square(difference), ops.constant(new int[] {0, 1}));
        dLogits = ops.math.mul(difference, ops.constant(2f / (task.batch * task.outputs)));
      } else {
        final SparseSoftmaxCrossEntropyWithLogits<TFloat32> crossEntropy = crossEntropy();
        loss = ops.math.mean(crossEntropy.loss(), ops.constant(0));
        dLogits = ops.math.mul(crossEntropy.backprop(), ops.constant(1f / task.batch));
      }
      update(reads, shapes, dLogits);
    } else {
      logits = forward(features, reads);
      loss = null;
    }
    session =
        new Session(
            graph,
            ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1)
                .build());
    final Session.Runner runner = session.runner();
    initialisers.forEach(runner::addTarget);
    runner.run().close();
  }

  private Shape inputShape() {
    return switch (task.model) {
      case ModelTask.CNN -> Shape.of(task.batch, 28, 28, 1);
      case ModelTask.LSTM -> {
        final long features = task.shapes[0][0];
        yield Shape.of(task.inputs / features, task.batch, features);
      }
      default -> Shape.of(task.batch, task.inputs);
    };
  }

  /** Of sequences the first step of each row comes first. */
  private static float[] features(final ModelTask task) {
    if (!task.model.equals(ModelTask.LSTM)) {
      return task.features;
    }
    final int features = (int) task.shapes[0][0];
    return swapped(task.features, task.batch, task.inputs / features, features);
  }

  private static float[] joined(final float[] first, final float[] second) {
    final float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Channels last, which is what its convolutions on a CPU take: (height, width, in, out). */
  private Shape shape(final int p) {
    final long[] shape = task.shapes[p];
    return shape.length == 4 ? Shape.of(shape[2], shape[3], shape[1], shape[0]) : Shape.of(shape);
  }

  /** Parameter {@code p} as {@link #shape} has it. */
  private float[] values(final int p) {
    final float[] values = task.weights[p];
    final long[] shape = task.shapes[p];
    if (shape.length == 4) {
      final int inner = (int) (shape[1] * shape[2] * shape[3]);
      final float[] filtersLast = ModelTask.transpose(values, (int) shape[0], inner);
      return swapped(filtersLast, (int) shape[1], (int) (shape[2] * shape[3]), (int) shape[0]);
    }
    if (shape.length == 2 && p > 1 && task.shapes[p - 2].length == 4) {
      final int channels = (int) task.shapes[p - 2][0];
      return swapped(values, channels, (int) shape[0] / channels, (int) shape[1]);
    }
    return values;
  }

  /** (first, second, columns) to (second, first, columns). */
  private static float[] swapped(
      final float[] values, final int first, final int second, final int columns) {
    final float[] turned = new float[values.length];
    for (int f = 0; f < first; f++) {
      for (int s = 0; s < second; s++) {
        final int from = (f * second + s) * columns;
        System.arraycopy(values, from, turned, (s * first + f) * columns, columns);
      }
    }
    return turned;
  }

  private Operand<TFloat32> forward(
      final Operand<TFloat32> x, final List<Operand<TFloat32>> reads) {
    Operand<TFloat32> value = x;
    int p = 0;
    if (task.model.equals(ModelTask.LSTM)) {
      lstm =
          new TensorFlowLstm(ops, x, inputShape(), reads.get(0), reads.get(1), task.shapes[1][0]);
      value = lstm.last();
      hidden = value;
      p = 2;
    }
    for (; task.shapes[p].length == 4; p += 2) {
      final List<Long> one = List.of(1L, 1L, 1L, 1L);
      final Operand<TInt32> two = ops.constant(new int[] {1, 2, 2, 1});
      value = ops.nn.biasAdd(ops.nn.conv2d(value, reads.get(p), one, "VALID"), reads.get(p + 1));
      value = ops.nn.maxPool(ops.nn.relu(value), two, two, "VALID");
    }
    if (task.model.equals(ModelTask.CNN)) {
      value = ops.reshape(value, ops.constant(new int[] {task.batch, -1}));
    }
    for (; p < reads.size(); p += 2) {
      value = ops.nn.biasAdd(ops.linalg.matMul(value, reads.get(p)), reads.get(p + 1));
      value = p + 2 < reads.size() ? ops.nn.relu(value) : value;
    }
    return value;
  }

  private Operand<TFloat32> targets() {
    final Shape shape = Shape.of(task.batch, task.outputs);
    return ops.readVariableOp(variable("targets", shape, task.targets), TFloat32.class);
  }

  private SparseSoftmaxCrossEntropyWithLogits<TFloat32> crossEntropy() {
    final VarHandleOp variable =
        ops.varHandleOp(TInt32.class, Shape.of(task.batch), VarHandleOp.sharedName("labels"));
    initialisers.add(ops.assignVariableOp(variable, ops.constant(task.labels)));
    final Operand<TInt32> labels = ops.readVariableOp(variable, TInt32.class);
    return ops.nn.sparseSoftmaxCrossEntropyWithLogits(logits, labels);
  }

  private void update(
      final List<Operand<TFloat32>> reads,
      final List<Shape> shapes,
      final Operand<TFloat32> dLogits) {
    final List<Operand<TFloat32>> gradients = gradients(reads, dLogits);
    if (!task.adam()) {
      for (int p = 0; p < shapes.size(); p++) {
        updates.add(
            ops.train.resourceApplyGradientDescent(parameters.get(p), rate, gradients.get(p)));
      }
      return;
    }
    final VarHandleOp power1 =
        variable("power1", Shape.scalar(), new float[] {(float) ModelTask.BETA1});
    final VarHandleOp power2 =
        variable("power2", Shape.scalar(), new float[] {(float) ModelTask.BETA2});
    final Operand<TFloat32> readPower1 = ops.readVariableOp(power1, TFloat32.class);
    final Operand<TFloat32> readPower2 = ops.readVariableOp(power2, TFloat32.class);
    final Operand<TFloat32> beta1 = ops.constant((float) ModelTask.BETA1);
    final Operand<TFloat32> beta2 = ops.constant((float) ModelTask.BETA2);
    for (int p = 0; p < shapes.size(); p++) {
      final float[] zeros = new float[Math.toIntExact(shapes.get(p).size())];
      updates.add(
          ops.train.resourceApplyAdam(
              parameters.get(p),
              variable("m" + p, shapes.get(p), zeros),
              variable("v" + p, shapes.get(p), zeros),
              readPower1,
              readPower2,
              rate,
              beta1,
              beta2,
              ops.constant((float) ModelTask.EPSILON),
              gradients.get(p)));
    }
    final Ops after = ops.withControlDependencies(updates.toArray(Op[]::new));
    updates.add(after.assignVariableOp(power1, after.math.mul(readPower1, beta1)));
    updates.add(after.assignVariableOp(power2, after.math.mul(readPower2, beta2)));
  }

  private List<Operand<TFloat32>> gradients(
      final List<Operand<TFloat32>> reads, final Operand<TFloat32> dLogits) {
    final List<Operand<TFloat32>> wanted = new ArrayList<>(reads);
    if (lstm != null) {
      wanted.subList(0, 2).clear();
      wanted.addFirst(hidden);
    }
    // The fused cross-entropy gives its gradient itself and has no other here.
    final Gradients found = ops.gradients(List.of(logits), wanted, Gradients.dx(List.of(dLogits)));
    final List<Operand<TFloat32>> gradients = new ArrayList<>();
    for (int p = 0; p < wanted.size(); p++) {
      gradients.add(found.<TFloat32>dy(p));
    }
    if (lstm != null) {
      gradients.addAll(0, lstm.gradient(gradients.removeFirst()));
    }
    return gradients;
  }

  private VarHandleOp variable(final String name, final Shape shape, final float[] values) {
    final VarHandleOp variable =
        ops.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    initialisers.add(ops.assignVariableOp(variable, ops.constant(shape, DataBuffers.of(values))));
    return variable;
  }

  @Override
  public float step() {
    final Session.Runner runner = session.runner();
    for (int i = 0; i < updates.size(); i++) {
      runner.addTarget(updates.get(i));
    }
    try (Result result = runner.fetch(loss).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  @Override
  public void learningRate(final double value) {
    try (TFloat32 tensor = TFloat32.scalarOf((float) value)) {
      session.runner().addTarget(assignRate).feed(rateToCome, tensor).run().close();
    }
  }

  @Override
  public void predict(final float[] from, final float[] to) {
    input.copyFrom(DataBuffers.of(from, true, false));
    try (Result result = session.runner().feed(features, input).fetch(logits).run()) {
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(to, false, false));
    }
  }

  @Override
  public void close() {
    input.close();
    session.close();
    graph.close();
  }
}
