package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.ActivateGradient;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.AddChannelBias;
import dev.gradus.graph.op.ChannelSum;
import dev.gradus.graph.op.ColumnSum;
import dev.gradus.graph.op.Conv2d;
import dev.gradus.graph.op.Conv2dWeightGradient;
import dev.gradus.graph.op.ConvTranspose2d;
import dev.gradus.graph.op.FusedMatMul;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.MaxPool2d;
import dev.gradus.graph.op.MaxPool2dGradient;
import dev.gradus.graph.op.PlaceStep;
import dev.gradus.graph.op.PooledConv2dGradient;
import dev.gradus.graph.op.Recurrence;
import dev.gradus.graph.op.RecurrenceGradient;
import dev.gradus.graph.op.Scale;
import dev.gradus.graph.op.WeightGradients;
import dev.gradus.kernel.Cell;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Window;
import dev.gradus.memory.DType;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Activations;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GraphPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proves the compiler: random graphs with their gradients as plans against the interpreter, fused
 * and not, in memory placed by liveness and not, with SIMD and without, on one thread and on three.
 */
final class GraphPlanTest {
  private static final int CAPACITY = 6;
  private static final int GRAPHS = 80;
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

  static LongStream seeds() {
    return LongStream.range(0, GRAPHS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldComputeAsInterpreter(final long seed) {
    final RandomGraph random = new RandomGraph(seed);
    final Set<Value> results = new HashSet<>(random.results());
    List<float[]> first = null;
    for (final Engine engine : ENGINES) {
      try (GraphPlan fused =
          GraphPlan.compile(engine, random.graph(), random.inputs(), results, false, CAPACITY)) {
        final List<float[]> bits = run(fused, random, seed);
        first = first == null ? bits : first;
        for (int i = 0; i < bits.size(); i++) {
          assertArrayEquals(
              first.get(i),
              bits.get(i),
              0f,
              engine.backend().mode() + " on " + engine.threads() + " threads, seed=" + seed);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldComputeAsInterpreterWhereNothingIsFused(final long seed) {
    final RandomGraph random = new RandomGraph(seed);
    final Set<Value> all = new HashSet<>();
    random.graph().nodes().forEach(node -> all.addAll(node.outputs()));
    try (GraphPlan unfused =
        GraphPlan.compile(ENGINES.get(0), random.graph(), random.inputs(), all, true, CAPACITY)) {
      assertEquals(random.graph().nodes().size(), unfused.nodes().size());
      assertEquals(0, fusions(unfused), "kept values must not be fused away");
      run(unfused, random, seed);
    }
  }

  @Test
  void shouldNotFuseProductThatIsReadAsActivation() {
    final Graph graph = new Graph();
    final Map<Value, double[]> content = new LinkedHashMap<>();
    final Random random = new Random(31);
    final List<Value> inputs =
        List.of(
            graph.input("x", Samples.batched(7)),
            graph.input("w", Samples.fixed(7, 9)),
            graph.input("dY", Samples.batched(9)));
    for (final Value input : inputs) {
      content.put(input, Draw.normal().from(random, RealTensor.bound(input.type(), CAPACITY)));
    }
    final Value product = graph.apply(MatMul.PLAIN, inputs.get(0), inputs.get(1));
    final ActivateGradient gradient = new ActivateGradient(Activations.TANH);
    final Value asActivation = graph.apply(gradient, product, inputs.get(2));
    final Value squared = graph.apply(MatMul.PLAIN, inputs.get(0), inputs.get(1));
    final Value asBoth = graph.apply(gradient, squared, squared);
    final List<Value> results = List.of(asActivation, asBoth);
    try (GraphPlan plan =
        GraphPlan.compile(ENGINES.get(0), graph, inputs, new HashSet<>(results), false, CAPACITY)) {
      run(plan, graph, content, results, CAPACITY, 31);
      assertEquals(0, fusions(plan));
    }
  }

  /**
   * Two products and a sum read a gradient of 2.3 MiB, and a third product an operand that is not
   * there yet where the first stands; of one of 1 MiB they don't join.
   */
  @Test
  void shouldJoinWeightGradientsOfOneLargeGradient() {
    final Random random = new Random(32);
    for (final int columns : new int[] {1000, 400}) {
      final Graph graph = new Graph();
      final Map<Value, double[]> content = new LinkedHashMap<>();
      final List<Value> inputs =
          List.of(
              graph.input("a", Samples.batched(100, 5)),
              graph.input("b", Samples.batched(100, 3)),
              graph.input("dY", Samples.batched(100, columns)));
      for (final Value input : inputs) {
        content.put(input, Draw.normal().from(random, RealTensor.bound(input.type(), CAPACITY)));
      }
      final Value dY = inputs.get(2);
      final Value first = graph.apply(MatMul.TRANSPOSE_A, inputs.get(0), dY);
      final Value scaled = graph.apply(new Scale(0.5f), first);
      final Value sum = graph.apply(new ColumnSum(), dY);
      final Value second = graph.apply(MatMul.TRANSPOSE_A, inputs.get(1), dY);
      final Value later = graph.apply(new Add(), inputs.get(0), inputs.get(0));
      final Value third = graph.apply(MatMul.TRANSPOSE_A, later, dY);
      final List<Value> results = List.of(scaled, sum, second, third);
      List<float[]> bits = null;
      for (final Engine engine : ENGINES) {
        try (GraphPlan plan =
            GraphPlan.compile(engine, graph, inputs, new HashSet<>(results), false, CAPACITY)) {
          final int joined = columns == 1000 ? 2 : 0;
          assertEquals(graph.nodes().size() - joined, plan.nodes().size());
          assertEquals(joined / 2, count(plan, WeightGradients.class));
          assertEquals(columns == 1000 ? 1 : 3, count(plan, MatMul.class));
          final List<float[]> here = run(plan, graph, content, results, CAPACITY, 32);
          bits = bits == null ? here : bits;
          for (int i = 0; i < here.size(); i++) {
            assertArrayEquals(bits.get(i), here.get(i), 0f);
          }
        }
      }
    }
  }

  /**
   * Convolution, bias, activation and pooling with their gradients; not where something else reads
   * the gradient in between, nor where every position is the largest of some window.
   */
  @Test
  void shouldJoinGradientsOfPooledConvolution() {
    for (final int stride : new int[] {2, 1}) {
      for (final boolean other : new boolean[] {false, true}) {
        final Graph graph = new Graph();
        final Map<Value, double[]> content = new LinkedHashMap<>();
        final Random random = new Random(33);
        final List<Value> inputs =
            List.of(
                graph.input("x", Samples.batched(5, 9, 10)),
                graph.input("w", Samples.fixed(7, 5, 3, 3)),
                graph.input("b", Samples.fixed(7)));
        for (final Value input : inputs) {
          content.put(input, Draw.normal().from(random, RealTensor.bound(input.type(), CAPACITY)));
        }
        final Window window = Window.square(3, 1, 0, 1);
        final Value w = inputs.get(1);
        final Value conv = graph.apply(new Conv2d(window, 1), inputs.get(0), w);
        final Value shifted = graph.apply(new AddChannelBias(), conv, inputs.get(2));
        final Value active = graph.apply(new Activate(Activations.RELU), shifted);
        final Window two = Window.square(2, stride, 0, 1);
        final List<Value> pooled = graph.applyAll(new MaxPool2d(two), active);
        final Value dY = graph.apply(new Scale(0.5f), pooled.get(0));
        final Value dActive = graph.apply(new MaxPool2dGradient(two, 7, 8), pooled.get(1), dY);
        final Value dense = graph.apply(new ActivateGradient(Activations.RELU), active, dActive);
        final List<Value> results =
            new ArrayList<>(
                List.of(
                    pooled.get(0),
                    graph.apply(new ChannelSum(), dense),
                    graph.apply(new Conv2dWeightGradient(window, 1), inputs.get(0), dense),
                    graph.apply(new ConvTranspose2d(window, 1, 9, 10), dense, w)));
        if (other) {
          results.add(graph.apply(new Scale(2f), dense));
        }
        List<float[]> bits = null;
        for (final Engine engine : ENGINES) {
          try (GraphPlan plan =
              GraphPlan.compile(engine, graph, inputs, new HashSet<>(results), false, CAPACITY)) {
            final boolean joins = stride == 2 && !other;
            assertEquals(joins ? 1 : 0, count(plan, PooledConv2dGradient.class));
            assertEquals(joins ? 0 : 1, count(plan, MaxPool2dGradient.class));
            assertEquals(joins ? 0 : 1, count(plan, ConvTranspose2d.class));
            final List<float[]> here = run(plan, graph, content, results, CAPACITY, 33);
            bits = bits == null ? here : bits;
            for (int i = 0; i < here.size(); i++) {
              assertArrayEquals(bits.get(i), here.get(i), 0f);
            }
          }
        }
      }
    }
  }

  /** Unless something else reads the sequence of which one step has a gradient. */
  @Test
  void shouldJoinGradientOfOneStepWithThatOfRecurrence() {
    for (final boolean other : new boolean[] {false, true}) {
      final Graph graph = new Graph();
      final Map<Value, double[]> content = new LinkedHashMap<>();
      final Random random = new Random(34);
      final List<Value> inputs =
          List.of(
              graph.input("x", Samples.batched(3, 20)),
              graph.input("w", Samples.fixed(5, 20)),
              graph.input("dH", Samples.batched(5)));
      for (final Value input : inputs) {
        content.put(input, Draw.normal().from(random, RealTensor.bound(input.type(), CAPACITY)));
      }
      final Recurrence lstm = new Recurrence(Cell.LSTM, false, false, false);
      final List<Value> states = graph.applyAll(lstm, inputs.get(0), inputs.get(1));
      final Value placed = graph.apply(new PlaceStep(1, 3), inputs.get(2));
      final List<Value> operands = new ArrayList<>(List.of(placed, inputs.get(1)));
      operands.addAll(states);
      final Value dX =
          graph.apply(RecurrenceGradient.of(lstm), operands.toArray(new Value[operands.size()]));
      final List<Value> results = new ArrayList<>(List.of(states.get(0), dX));
      if (other) {
        results.add(graph.apply(new Scale(2f), placed));
      }
      for (final Engine engine : ENGINES) {
        try (GraphPlan plan =
            GraphPlan.compile(engine, graph, inputs, new HashSet<>(results), false, CAPACITY)) {
          assertEquals(other ? 1 : 0, count(plan, PlaceStep.class));
          assertEquals(1, count(plan, RecurrenceGradient.class));
          run(plan, graph, content, results, CAPACITY, 34);
        }
      }
    }
  }

  private static long fusions(final GraphPlan plan) {
    return count(plan, FusedMatMul.class);
  }

  private static long count(final GraphPlan plan, final Class<? extends Op> kind) {
    return plan.nodes().stream().filter(node -> kind.isInstance(node.op())).count();
  }

  /** Runs full, short and full again, checks each time, and returns the results of the last run. */
  private static List<float[]> run(
      final GraphPlan plan, final RandomGraph random, final long seed) {
    List<float[]> contents = List.of();
    for (final int rows : new int[] {CAPACITY, 1, 4, CAPACITY}) {
      final Map<Value, double[]> content = random.draw(seed + rows, rows);
      contents = run(plan, random.graph(), content, random.results(), rows, seed);
    }
    return contents;
  }

  private static List<float[]> run(
      final GraphPlan plan,
      final Graph graph,
      final Map<Value, double[]> content,
      final List<Value> results,
      final int rows,
      final long seed) {
    plan.poison();
    content.forEach((input, values) -> write(plan.tensor(input), values));
    plan.run(rows);
    final Interpreter exact = new Interpreter(rows);
    final List<Interpreter> noisy = new ArrayList<>();
    for (int i = 0; i < Closeness.SAMPLES; i++) {
      noisy.add(Interpreter.noisy(rows, new Random(seed + i)));
    }
    for (final Interpreter interpreter : Stream.concat(Stream.of(exact), noisy.stream()).toList()) {
      content.forEach((input, values) -> interpreter.set(input, values.clone()));
      interpreter.run(graph.nodes());
    }
    final List<float[]> contents = new ArrayList<>();
    for (final Value result : results) {
      final RealTensor expected = exact.get(result);
      final float[] actual = new float[expected.length()];
      plan.tensor(result).copyTo(actual);
      Closeness.assertClose(
          expected,
          noisy.stream().map(interpreter -> interpreter.get(result)).toList(),
          actual,
          result + ", rows=" + rows + ", seed=" + seed);
      contents.add(actual);
    }
    return contents;
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

  @Test
  void shouldHaveDrawnGraphsThatExerciseTheCompiler() {
    int fusions = 0;
    long placed = 0;
    long unplaced = 0;
    for (long seed = 0; seed < GRAPHS; seed++) {
      final RandomGraph random = new RandomGraph(seed);
      final Set<Value> results = new HashSet<>(random.results());
      final Set<Value> all = new HashSet<>(random.graph().values());
      all.removeIf(value -> value.role() != Value.Role.COMPUTED);
      try (GraphPlan fused =
              GraphPlan.compile(
                  ENGINES.get(0), random.graph(), random.inputs(), results, false, CAPACITY);
          GraphPlan unfused =
              GraphPlan.compile(
                  ENGINES.get(0), random.graph(), random.inputs(), all, true, CAPACITY)) {
        fusions += (int) fusions(fused);
        placed += fused.workspaceBytes();
        unplaced += unfused.workspaceBytes();
      }
    }
    assertTrue(fusions > GRAPHS, "fusions: " + fusions);
    assertTrue(placed < unplaced, "bytes: " + placed + " placed by liveness, else " + unplaced);
  }
}
