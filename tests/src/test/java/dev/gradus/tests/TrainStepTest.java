package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.MatMul;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.BatchNorm;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.GroupNorm;
import dev.gradus.nn.Initializers;
import dev.gradus.nn.Layer;
import dev.gradus.nn.LayerNorm;
import dev.gradus.nn.Network;
import dev.gradus.nn.Scope;
import dev.gradus.nn.SoftmaxLayer;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Optimizers;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole training steps through the public plans against double precision: every optimizer, loss and
 * activation, weights of samples, short batches among full ones, a rate that changes, with SIMD and
 * without, on one thread and on three.
 */
final class TrainStepTest {
  private static final int CAPACITY = 6;
  private static final int[] ROWS = {CAPACITY, 2, 1, CAPACITY, 5};
  private static final List<Engine> ENGINES = new ArrayList<>();

  @BeforeAll
  static void openEngines() {
    ENGINES.add(Engine.open(new EngineOptions(1, "java", KernelMode.VECTOR)));
    ENGINES.add(Engine.open(new EngineOptions(3, "java", KernelMode.VECTOR)));
    ENGINES.add(Engine.open(new EngineOptions(1, "java", KernelMode.SCALAR)));
  }

  @AfterAll
  static void closeEngines() {
    for (final Engine engine : ENGINES) {
      assertEquals(0, engine.account().openBytes(), "off-heap bytes after all plans are closed");
      engine.close();
    }
    ENGINES.clear();
  }

  /**
   * Every optimizer and every activation of bounded slope with two losses, and every other loss.
   */
  static List<Arguments> combinations() {
    final List<Optimizer> optimizers = optimizers();
    final List<String> activations = ActivationReference.boundedSlopes();
    final List<Arguments> combinations = new ArrayList<>();
    for (final String loss : List.of("mse", "cross-entropy")) {
      for (int i = 0; i < optimizers.size(); i++) {
        final String activation = activations.get(i % activations.size());
        combinations.add(Arguments.of(optimizers.get(i), loss, activation));
      }
      for (int i = 0; i < activations.size(); i++) {
        final Optimizer optimizer = optimizers.get((i + 1) % optimizers.size());
        combinations.add(Arguments.of(optimizer, loss, activations.get(i)));
      }
    }
    for (final String loss : Losses.names()) {
      final Optimizer optimizer = optimizers.get(combinations.size() % optimizers.size());
      combinations.add(Arguments.of(optimizer, loss, "tanh"));
    }
    return combinations;
  }

  private static List<Optimizer> optimizers() {
    final List<Optimizer> optimizers = new ArrayList<>();
    for (final String name : Optimizers.names()) {
      optimizers.add(Optimizers.byName(name, 0.02));
    }
    optimizers.add(new Sgd(0.1, 0.02));
    optimizers.add(new Momentum(0.05, 0.7, false, 0.02));
    optimizers.add(new Momentum(0.05, 0.7, true, 0.02));
    optimizers.add(new Adam(0.01, 0.8, 0.9, 1e-3, 0.02));
    optimizers.addAll(OptimizerReferences.withAllSettings());
    return optimizers;
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void shouldTrainAsInDoublePrecision(
      final Optimizer optimizer, final String loss, final String activation) {
    final Network network =
        LossReference.fit(Network.mlp(Activations.byName(activation), 9, 17, 8, 6), loss);
    assertTrainsAlike(network, Losses.byName(loss), optimizer, 20);
  }

  @Test
  void shouldTrainSequencesAndSoftmaxAsInDoublePrecision() {
    final Network sequences =
        Network.of(
            Shape.batched(3, 4), new Dense(7, Activations.TANH), new Dense(4), new SoftmaxLayer());
    assertTrainsAlike(sequences, Losses.meanSquaredError(), new Adam(0.01), 21);
    final Network linear = Network.of(Shape.batched(13), new Dense(1));
    assertTrainsAlike(linear, Losses.meanSquaredError(), new Momentum(0.02), 22);
  }

  @Test
  void shouldTrainDropoutAsInDoublePrecision() {
    final Network network =
        Network.of(
            Shape.batched(9),
            new Dense(17, Activations.TANH),
            new Dropout(0.5),
            new Dense(33, Activations.RELU),
            new Dropout(0.1),
            new Dense(5));
    assertTrainsAlike(network, Losses.softmaxCrossEntropy(), new Adam(0.01), 26);
    final Network spatial =
        Network.of(Shape.batched(4, 3), new Dense(7), new Dropout(0.4, true), new Dense(2));
    assertTrainsAlike(spatial, Losses.meanSquaredError(), new Sgd(0.1), 27);
  }

  @Test
  void shouldTrainNormalisationAsInDoublePrecision() {
    final Network network =
        Network.of(
            Shape.batched(9),
            new Dense(17),
            new LayerNorm(),
            new Dense(12, Activations.TANH),
            new GroupNorm(3),
            LayerNorm.rms(),
            new Dense(5));
    assertTrainsAlike(network, Losses.softmaxCrossEntropy(), new Adam(0.01), 28);
    final Network batch =
        Network.of(
            Shape.batched(4, 3),
            new BatchNorm(0.1, 0.1),
            new Dense(5, Activations.TANH),
            new BatchNorm(0.3, 0.1),
            new Dense(2));
    assertTrainsAlike(batch, Losses.meanSquaredError(), new Sgd(0.1), 29);
  }

  /** Two dense layers with the same weights. */
  private record Tied(int units) implements Layer {
    @Override
    public Value define(final Scope scope, final Value input) {
      final Value weight =
          scope.parameter(
              "weight", Shape.of(units, units), Initializers.glorotUniform(), units, units);
      final Value bias =
          scope.parameter("bias", Shape.of(units), Initializers.zeros(), units, units);
      Value value = input;
      for (int i = 0; i < 2; i++) {
        final Value product = scope.graph().apply(MatMul.PLAIN, value, weight);
        final Value sum = scope.graph().apply(new AddBias(), product, bias);
        value = scope.graph().apply(new Activate(Activations.TANH), sum);
      }
      return value;
    }

    @Override
    public String describe() {
      return "tied(" + units + ")";
    }
  }

  @Test
  void shouldTrainSharedWeightsAsInDoublePrecision() {
    final Network network = Network.of(Shape.batched(9), new Tied(9), new Dense(4));
    for (final Optimizer optimizer : optimizers()) {
      assertTrainsAlike(network, Losses.softmaxCrossEntropy(), optimizer, 23);
    }
  }

  private static void assertTrainsAlike(
      final Network network, final Loss loss, final Optimizer optimizer, final long seed) {
    assertTrainsAlike(network, loss, Descent.of(optimizer), seed);
  }

  private static void assertTrainsAlike(
      final Network network, final Loss loss, final Descent descent, final long seed) {
    final Set<String> weights = new HashSet<>();
    for (final Engine engine : ENGINES) {
      try (Parameters parameters = Parameters.initialise(engine, network, seed)) {
        assertTrainsAlike(engine, network, parameters, loss, descent, seed);
        weights.add(parameters.sha256());
      }
    }
    assertEquals(1, weights.size(), "weights depend on threads or kernels, seed=" + seed);
  }

  private static void assertTrainsAlike(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Loss loss,
      final Descent descent,
      final long seed) {
    final Map<String, double[]> start = new LinkedHashMap<>();
    for (final String name : parameters.names()) {
      start.put(name, doubles(parameters.tensor(name).toFloatArray()));
    }
    final ReferenceTraining exact = new ReferenceTraining(network, loss, descent, start, null);
    final List<ReferenceTraining> noisy = new ArrayList<>();
    for (int i = 0; i < Closeness.SAMPLES; i++) {
      noisy.add(new ReferenceTraining(network, loss, descent, start, new Random(seed + i)));
    }
    final String what = network.describe() + ", " + loss.name() + ", " + descent + ", seed=" + seed;
    final TensorType targetType = loss.targetType(network.output());
    final Draw targets = LossReference.of(loss).target(network.output().shape().last());
    final Random random = new Random(seed);
    try (TrainPlan plan =
        TrainPlan.compile(engine, network, parameters, loss, descent, new PlanOptions(CAPACITY))) {
      for (final int rows : ROWS) {
        if (plan.steps() == 3 / descent.accumulation()) {
          plan.learningRate(0.003);
          exact.learningRate(0.003);
          noisy.forEach(training -> training.learningRate(0.003));
        }
        final double[] x = Draw.normal().from(random, network.input().at(rows));
        final double[] t = targets.from(random, RealTensor.bound(targetType, rows));
        write(plan.input(), x);
        write(plan.target(), t);
        final double[] w = Draw.normal().from(random, Shape.of(rows));
        write(plan.weights(), w);
        final float actual = plan.step(rows);
        final double expected = exact.step(x, t, w, rows);
        Closeness.assertClose(
            RealTensor.of(Shape.of(1), expected),
            noisy.stream()
                .map(training -> RealTensor.of(Shape.of(1), training.step(x, t, w, rows)))
                .toList(),
            new float[] {actual},
            "loss of step " + plan.steps() + " of " + what);
        final float[] output = new float[exact.output().length()];
        plan.output().copyTo(output);
        Closeness.assertClose(
            exact.output(),
            noisy.stream().map(ReferenceTraining::output).toList(),
            output,
            "output of " + what);
      }
      assertEquals(ROWS.length / descent.accumulation(), plan.steps());
      if (descent.averageDecay() > 0) {
        assertAveragesAlike(engine, network, plan, exact, noisy, what);
      }
    }
    for (final String name : parameters.names()) {
      final float[] actual = parameters.tensor(name).toFloatArray();
      Closeness.assertClose(
          exact.parameter(name),
          noisy.stream().map(training -> training.parameter(name)).toList(),
          actual,
          name + " of " + what);
      final boolean frozen =
          descent.groups().stream()
              .anyMatch(group -> group.optimizer() == null && name.equals(group.names()));
      assertEquals(
          frozen,
          java.util.Arrays.equals(start.get(name), doubles(actual)),
          name + " is as before");
    }
  }

  private static void assertAveragesAlike(
      final Engine engine,
      final Network network,
      final TrainPlan plan,
      final ReferenceTraining exact,
      final List<ReferenceTraining> noisy,
      final String what) {
    try (Parameters averages = Parameters.zeros(engine, network)) {
      plan.copyAverages(averages);
      for (final String name : averages.names()) {
        Closeness.assertClose(
            exact.average(name),
            noisy.stream().map(training -> training.average(name)).toList(),
            averages.tensor(name).toFloatArray(),
            "average of " + name + " of " + what);
      }
    }
  }

  static List<Descent> descents() {
    final Descent adam = Descent.of(new Adam(0.01));
    return List.of(
        Descent.of(new Sgd(0.1)).withL1(0.01),
        adam.withClipValue(0.002),
        Descent.of(new Momentum(0.05)).withClipNorm(0.05),
        adam.withClipNorm(1e6),
        adam.withAccumulation(2),
        adam.withWeightClip(0.05).withAverage(0.5).withAccumulation(2),
        Descent.of(new Sgd(0.1)).withAccumulation(5),
        adam.withAverage(0.7),
        adam.withGroup("*.bias", new Sgd(0.3)).withGroup("1.*", new Momentum(0.02)),
        adam.withFrozen("1.weight").withL1(0.1),
        Descent.of(new Momentum(0.05))
            .withGroup("0.*", new Adam(0.02))
            .withL1(0.003)
            .withClipValue(0.05)
            .withClipNorm(0.1)
            .withAccumulation(2)
            .withAverage(0.9));
  }

  @ParameterizedTest
  @MethodSource("descents")
  void shouldDescendAsInDoublePrecision(final Descent descent) {
    final Network network = Network.mlp(Activations.TANH, 9, 17, 8, 5);
    assertTrainsAlike(network, Losses.softmaxCrossEntropy(), descent, 33);
  }

  @Test
  void shouldRefuseDescentsThatDoNotFit() {
    final Network network = Network.mlp(Activations.TANH, 9, 5);
    final Descent descent = Descent.of(new Sgd(0.1));
    assertRefused(
        "parameters of group 2.* mismatch: expected=one or more of [0.weight, 0.bias], actual=none",
        () -> compile(network, descent.withGroup("2.*", new Sgd(0.2))));
    assertRefused(
        "parameters to train mismatch: expected=one or more, actual=all are frozen",
        () -> compile(network, descent.withFrozen("*")));
    assertRefused(
        "largest norm of gradients out of range: expected=above 0, actual=0.0",
        () -> descent.withClipNorm(0));
    assertRefused(
        "largest value of gradients out of range: expected=above 0, actual=NaN",
        () -> descent.withClipValue(Double.NaN));
    assertRefused(
        "largest value of weights out of range: expected=above 0, actual=0.0",
        () -> descent.withWeightClip(0));
    assertRefused(
        "accumulated batches out of range: expected=1 or more, actual=0",
        () -> descent.withAccumulation(0));
    assertRefused(
        "decay of average out of range: expected=0 or more, below 1, actual=1.0",
        () -> descent.withAverage(1));
    assertRefused(
        "strength of l1 out of range: expected=a finite float32 of 0 or more, actual=-1.0",
        () -> descent.withL1(-1));
    final Engine engine = ENGINES.get(0);
    try (Parameters parameters = Parameters.initialise(engine, network, 1);
        Parameters target = Parameters.zeros(engine, network);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                Losses.meanSquaredError(),
                descent,
                new PlanOptions(2))) {
      assertRefused(
          "averages of plan mismatch: expected=a descent with an average, actual=one without",
          () -> plan.copyAverages(target));
    }
  }

  private static void compile(final Network network, final Descent descent) {
    TrainPlan.dryRun(
        ENGINES.get(0), network, Losses.meanSquaredError(), descent, new PlanOptions(2));
  }

  private static void assertRefused(final String message, final Executable action) {
    assertEquals(message, assertThrows(GradusException.class, action).getMessage());
  }

  @Test
  void shouldPredictAndEvaluateAsTraining() {
    final Network network = Network.mlp(Activations.RELU, 9, 17, 5);
    final Loss loss = Losses.softmaxCrossEntropy();
    for (final Engine engine : ENGINES) {
      final PlanOptions options = new PlanOptions(CAPACITY);
      try (Parameters parameters = Parameters.initialise(engine, network, 24);
          TrainPlan train =
              TrainPlan.compile(engine, network, parameters, loss, new Sgd(0.1), options);
          PredictPlan predict = PredictPlan.compile(engine, network, parameters, options);
          EvaluatePlan evaluate =
              EvaluatePlan.compile(engine, network, parameters, loss, options)) {
        final Random random = new Random(24);
        for (final int rows : ROWS) {
          final double[] x = Draw.normal().from(random, Shape.of(rows, 9));
          final double[] labels = Draw.labels(5).from(random, Shape.of(rows));
          for (final Tensor input : List.of(train.input(), predict.input(), evaluate.input())) {
            write(input, x);
          }
          write(train.target(), labels);
          write(evaluate.target(), labels);
          predict.run(rows);
          final float evaluated = evaluate.run(rows);
          assertEquals(train.step(rows), evaluated, 0f, "loss");
          for (int i = 0; i < rows * 5; i++) {
            assertEquals(train.output().get(i), predict.output().get(i), 0f, "prediction " + i);
            assertEquals(train.output().get(i), evaluate.output().get(i), 0f, "output " + i);
          }
        }
      }
    }
  }

  private static double[] doubles(final float[] values) {
    final double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static void write(final Tensor tensor, final double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (tensor.type().dtype() == DType.INT32) {
        tensor.setInt(i, (int) values[i]);
      } else {
        tensor.set(i, (float) values[i]);
      }
    }
  }
}
