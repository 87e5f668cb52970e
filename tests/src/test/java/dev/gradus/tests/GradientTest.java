package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.Multiply;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.nn.SoftmaxLayer;
import dev.gradus.plan.Differentiate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proves the mathematics of backward: gradient graphs against finite differences, in double
 * precision.
 */
final class GradientTest {
  /** Larger samples are there for the kernels; formulas show in the small ones. */
  private static final long LARGEST = 3000;

  static Stream<OpRow> differentiable() {
    return OpTable.rows().stream().filter(row -> !row.differentiable().isEmpty());
  }

  static Stream<OpRow> notDifferentiable() {
    return OpTable.rows().stream().filter(row -> row.differentiable().isEmpty());
  }

  static Stream<Arguments> networks() {
    return Stream.concat(
        Activations.names().stream()
            .flatMap(
                activation ->
                    Stream.of("mse", "cross-entropy").map(loss -> Arguments.of(activation, loss))),
        Losses.names().stream().map(loss -> Arguments.of("tanh", loss)));
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void shouldAgreeWithFiniteDifferencesForOp(final OpRow row) {
    long seed = 1;
    int checked = 0;
    for (final Sample sample : row.samples()) {
      if (sample.elements() <= LARGEST) {
        for (final int rows : sample.rows()) {
          final List<String> mismatches = mismatches(row, sample, rows, seed++);
          assertEquals(List.of(), mismatches, sample + " with " + rows + " rows");
          checked++;
        }
      }
    }
    assertTrue(checked > 5, "only " + checked + " samples of " + row + " are small enough");
  }

  private static List<String> mismatches(
      final OpRow row, final Sample sample, final int rows, final long seed) {
    final Graph graph = new Graph();
    final Node node = sample.apply(graph);
    final Map<Value, double[]> point = new HashMap<>();
    final List<double[]> values = sample.draw(seed, rows);
    for (int i = 0; i < values.size(); i++) {
      point.put(node.input(i), values.get(i));
    }
    final Value loss = reduce(graph, node.output(), point, rows, seed);
    final List<Value> wanted =
        row.differentiable().stream()
            .filter(input -> input < node.inputs().size()) // the last may be optional
            .map(node::input)
            .toList();
    return GradientCheck.mismatches(graph, loss, point, wanted, rows, seed);
  }

  /** A weighted sum of a value, weights drawn at random. */
  private static Value reduce(
      final Graph graph,
      final Value value,
      final Map<Value, double[]> point,
      final int rows,
      final long seed) {
    final Value weights = graph.input("weights", value.type());
    point.put(weights, Draw.normal().from(new Random(~seed), RealTensor.bound(value.type(), rows)));
    return graph.apply(new WeightedSum(), value, weights);
  }

  @ParameterizedTest
  @MethodSource("notDifferentiable")
  void shouldRefuseGradientsOfOpsThatHaveNone(final OpRow row) {
    final Graph graph = new Graph();
    final Node node = row.samples().get(0).apply(graph);
    final List<Value> dOutputs =
        node.outputs().stream().map(output -> graph.input("gradient", output.type())).toList();
    final RuntimeException e =
        assertThrows(
            RuntimeException.class,
            () -> node.op().gradient(graph, node, dOutputs),
            node.toString());
    assertTrue(
        e instanceof GradusException || e instanceof IllegalStateException,
        () -> "a clear refusal was expected, actual=" + e);
    assertTrue(e.getMessage().startsWith(node.op().name()), e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shouldAgreeWithFiniteDifferencesForNetwork(final String activation, final String lossName) {
    final Network network =
        LossReference.fit(Network.mlp(Activations.byName(activation), 5, 7, 5, 6), lossName);
    for (final int rows : new int[] {1, 4}) {
      assertNetworkGradients(network, Losses.byName(lossName), rows, 10 + rows);
    }
  }

  @Test
  void shouldAgreeWithFiniteDifferencesThroughSoftmaxLayer() {
    final Network network = Network.mlp(Activations.TANH, 4, 6, 3).then(new SoftmaxLayer());
    assertNetworkGradients(network, Losses.meanSquaredError(), 5, 3);
  }

  @Test
  void shouldAgreeWithFiniteDifferencesOverSequences() {
    final Network network =
        new Network(Shape.batched(3, 4), Network.mlp(Activations.SIGMOID, 4, 6, 5).layers());
    assertNetworkGradients(network, Losses.softmaxCrossEntropy(), 2, 4);
    assertNetworkGradients(network, Losses.meanSquaredError(), 2, 5);
  }

  @Test
  void shouldAgreeWithFiniteDifferencesThroughBranchesAndMasks() {
    final List<String> texts =
        List.of(
            "input(4) dense(6) prelu(channel) residual(dense(5,tanh) dense(6)) prelu() dense(2)",
            "input(4) dense(6) concat(dense(3) | columns(2,3) | ) dense(2)",
            "input(4) dense(6) reshape(3,2) permute(2,1) factorization_machine() dense(2)",
            "input(3,2) dense(4) lstm(3,mask,last) dense(2)");
    for (final String text : texts) {
      assertNetworkGradients(Network.parse(text), Losses.meanSquaredError(), 3, 7);
    }
  }

  @Test
  void shouldRefuseToLeaveOutAGradient() {
    final Graph graph = new Graph();
    final Value prediction = graph.input("prediction", Samples.batched(3));
    final Value weight = graph.parameter("weight", Shape.of(3, 3));
    final Value target = graph.apply(MatMul.PLAIN, prediction, weight);
    final Value loss = Losses.byName("poisson").build(graph, prediction, target);
    final GradusException e =
        assertThrows(
            GradusException.class, () -> Differentiate.gradients(graph, loss, List.of(weight)));
    assertTrue(
        e.getMessage().startsWith("poisson has no gradient with respect to " + target),
        e.getMessage());
  }

  private static void assertNetworkGradients(
      final Network network, final Loss loss, final int rows, final long seed) {
    final Network.Definition definition = network.define();
    final Value output = definition.output();
    final TensorType targetType = loss.targetType(output.type());
    final Value target = definition.graph().input("target", targetType);
    final Value scalar = loss.build(definition.graph(), output, target);
    final Random random = new Random(seed);
    final Map<Value, double[]> point = new HashMap<>();
    point.put(
        definition.input(),
        Draw.normal().from(random, RealTensor.bound(definition.input().type(), rows)));
    point.put(
        target,
        LossReference.of(loss)
            .target(output.shape().last())
            .from(random, RealTensor.bound(targetType, rows)));
    final List<Value> wanted = definition.learned();
    for (final Parameter declared : definition.parameters()) {
      final Value parameter = declared.value();
      point.put(parameter, Draw.scaled(0.5).from(random, parameter.shape()));
    }
    assertEquals(
        List.of(),
        GradientCheck.mismatches(definition.graph(), scalar, point, wanted, rows, seed),
        network.describe());
  }

  @Test
  void shouldAddGradientsOfValueUsedSeveralTimes() {
    final Graph graph = new Graph();
    final Value x = graph.input("x", Samples.batched(4));
    final Value target = graph.input("target", Samples.batched(4));
    final Value w = graph.parameter("w", Shape.of(4, 4));
    final Value b = graph.parameter("b", Shape.of(4));
    Value h = x;
    for (int layer = 0; layer < 3; layer++) { // the same weights three times
      final Value sum = graph.apply(new AddBias(), graph.apply(MatMul.PLAIN, h, w), b);
      h = graph.apply(new Activate(Activations.TANH), sum);
    }
    final Value squared = graph.apply(new Multiply(), h, h); // both operands the same
    final Value skip = graph.apply(new Add(), squared, x);
    final Value back = graph.apply(MatMul.TRANSPOSE_B, skip, w);
    final Value loss = Losses.meanSquaredError().build(graph, back, target);
    final Random random = new Random(6);
    final Map<Value, double[]> point = new HashMap<>();
    for (final Value value : List.of(x, target, w, b)) {
      point.put(value, Draw.scaled(0.7).from(random, RealTensor.bound(value.type(), 3)));
    }
    final List<String> mismatches =
        GradientCheck.mismatches(graph, loss, point, List.of(w, b, x), 3, 6);
    assertEquals(List.of(), mismatches);
    final long additions = graph.nodes().stream().filter(node -> node.op() instanceof Add).count();
    assertTrue(additions >= 1 + 3 + 2 + 1, "additions: " + additions);
  }

  /** {@code x * x} with a gradient of a given multiple of the right one. */
  private record WrongSquare(float factor) implements ReferencedOp {
    @Override
    public String name() {
      return "wrong_square";
    }

    @Override
    public List<TensorType> outputs(final List<TensorType> inputs) {
      return List.of(inputs.get(0));
    }

    @Override
    public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
      final Value slope =
          graph.apply(new WeightedSum.Scale(), node.input(0), graph.constant(2 * factor));
      return List.of(graph.apply(new Multiply(), slope, dOutputs.get(0)));
    }

    @Override
    public List<RealTensor> evaluate(final List<RealTensor> inputs) {
      final double[] squares = Arrays.stream(inputs.get(0).values()).map(x -> x * x).toArray();
      return List.of(RealTensor.of(inputs.get(0).shape(), squares));
    }
  }

  @Test
  void shouldCatchPlantedWrongGradient() {
    assertEquals(List.of(), mismatchesOfSquare(1f), "the right gradient must pass");
    for (final float factor : new float[] {0.5f, -1f, 0f, 1.0001f}) {
      final List<String> mismatches = mismatchesOfSquare(factor);
      assertEquals(6, mismatches.size(), () -> "factor " + factor + ": " + mismatches);
    }
  }

  private static List<String> mismatchesOfSquare(final float factor) {
    final Graph graph = new Graph();
    final Value x = graph.input("x", Samples.batched(3));
    final Map<Value, double[]> point = new HashMap<>();
    point.put(x, new double[] {0.5, -1, 2, 3, -0.25, 1.5});
    final Value square = graph.apply(new WrongSquare(factor), x);
    final Value loss = reduce(graph, square, point, 2, 7);
    return GradientCheck.mismatches(graph, loss, point, List.of(x), 2, 7);
  }

  @Test
  void shouldRefuseWhatHasNoGradient() {
    final Graph graph = new Graph();
    final Value x = graph.input("x", Samples.batched(3));
    final Value y = graph.input("y", Samples.batched(3));
    final Value unrelated = graph.input("unrelated", Samples.batched(3));
    final Value loss = Losses.meanSquaredError().build(graph, x, y);
    final GradusException independent =
        assertThrows(
            GradusException.class, () -> Differentiate.gradients(graph, loss, List.of(unrelated)));
    assertEquals(
        "loss as a function of unrelated:f32[N,3] mismatch: expected=dependent, actual=independent",
        independent.getMessage());
    final GradusException notScalar =
        assertThrows(GradusException.class, () -> Differentiate.gradients(graph, x, List.of(x)));
    assertEquals(
        "type of the loss mismatch: expected=f32[1], actual=f32[N,3]", notScalar.getMessage());
    assertFalse(Differentiate.gradients(graph, loss, List.of(x)).isEmpty());
  }
}
