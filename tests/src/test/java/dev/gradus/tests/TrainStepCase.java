package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Loss;
import dev.gradus.memory.DType;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Optimizer;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
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

/**
 * Whole training steps through the public plans against double precision, with SIMD and without, on
 * one thread and on three.
 */
abstract class TrainStepCase {
  static final int CAPACITY = 6;
  static final int[] ROWS = {CAPACITY, 2, 1, CAPACITY, 5};
  static final List<Engine> ENGINES = new ArrayList<>();

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

  static void assertTrainsAlike(
      final Network network, final Loss loss, final Optimizer optimizer, final long seed) {
    assertTrainsAlike(network, loss, Descent.of(optimizer), seed);
  }

  static void assertTrainsAlike(
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

  private static double[] doubles(final float[] values) {
    final double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  static void write(final Tensor tensor, final double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (tensor.type().dtype() == DType.INT32) {
        tensor.setInt(i, (int) values[i]);
      } else {
        tensor.set(i, (float) values[i]);
      }
    }
  }
}
