package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gradus.gemm.Epilogue;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.ActivateGradient;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.FusedMatMul;
import dev.gradus.graph.op.MatMul;
import dev.gradus.kernel.Activation;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Optimizers;
import dev.gradus.optim.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table is complete, and its references agree with the ops about shapes and refusals. */
final class OpTableTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.gradus");

  static Stream<OpRow> rows() {
    return OpTable.rows().stream();
  }

  /** The project's concrete classes of a kind, by name; private ones and those of tests apart. */
  private static Set<String> implementations(final Class<?> kind) {
    return CLASSES.stream()
        .filter(type -> type.isAssignableTo(kind) && !type.isInterface())
        .filter(JavaClass::isTopLevelClass) // others are a class's own affair
        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
        .filter(type -> !type.getModifiers().contains(JavaModifier.PRIVATE))
        .map(JavaClass::getName)
        .collect(Collectors.toSet());
  }

  private static Set<String> names(final Stream<? extends Class<?>> kinds) {
    return kinds.map(Class::getName).collect(Collectors.toSet());
  }

  @Test
  void shouldHaveRowForEveryOp() {
    final Set<String> ops = implementations(Op.class);
    assertTrue(ops.contains(MatMul.class.getName()), "the scan finds no ops: " + ops);
    assertEquals(names(OpTable.rows().stream().map(OpRow::kind)), ops);
  }

  @Test
  void shouldHaveRowForEveryLayer() {
    assertEquals(names(LayerReference.table().keySet().stream()), implementations(Layer.class));
  }

  @Test
  void shouldHaveReferenceForEveryActivation() {
    assertEquals(ActivationReference.names(), Activations.names());
    final Set<String> known =
        names(Activations.names().stream().map(name -> Activations.byName(name).getClass()));
    assertEquals(known, implementations(Activation.class), "activations that no name gives users");
  }

  @Test
  void shouldHaveReferenceForEveryLoss() {
    assertEquals(LossReference.names(), Losses.names());
    final Set<String> known =
        names(Losses.names().stream().map(name -> Losses.byName(name).getClass()));
    assertEquals(known, implementations(Loss.class), "losses that no name gives users");
  }

  @Test
  void shouldSampleEveryOptimizer() {
    final List<Op> updates =
        OpTable.rows().stream()
            .flatMap(row -> row.samples().stream())
            .map(Sample::op)
            .filter(Update.class::isInstance)
            .toList();
    final Set<String> names = updates.stream().map(Op::name).collect(Collectors.toSet());
    assertEquals(Optimizers.names(), names);
    final Set<String> kinds =
        names(updates.stream().map(op -> ((Update) op).optimizer().getClass()));
    assertEquals(kinds, implementations(Optimizer.class), "optimizers that no name gives users");
  }

  @Test
  void shouldSampleEveryActivationInEveryOpThatTakesOne() {
    for (final String name : Activations.names()) {
      final Activation activation = Activations.byName(name);
      assertSampled(new Activate(activation));
      assertSampled(new ActivateGradient(activation));
      for (final MatMul product : List.of(MatMul.PLAIN, MatMul.TRANSPOSE_A, MatMul.TRANSPOSE_B)) {
        assertSampled(new FusedMatMul(product, Epilogue.forward(false, activation)));
        assertSampled(new FusedMatMul(product, Epilogue.forward(true, activation)));
        assertSampled(new FusedMatMul(product, Epilogue.gradient(activation)));
      }
    }
  }

  private static void assertSampled(final Op op) {
    assertTrue(
        OpTable.row(op).samples().stream().anyMatch(sample -> sample.op().equals(op)),
        () -> op + " has no sample");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldAnnounceShapesOfReference(final OpRow row) {
    assertTrue(row.samples().size() >= 10, row + " has too few samples");
    long seed = 1;
    for (final Sample sample : row.samples()) {
      assertEquals(row.kind(), sample.op().getClass());
      for (final int rows : sample.rows()) {
        final Graph graph = new Graph();
        final Node node = sample.apply(graph);
        final Interpreter interpreter = new Interpreter(rows);
        final List<double[]> values = sample.draw(seed++, rows);
        for (int i = 0; i < values.size(); i++) {
          interpreter.set(node.input(i), values.get(i));
        }
        interpreter.run(List.of(node)); // fails where announced and actual shapes differ
        for (final Value output : node.outputs()) {
          for (final double value : interpreter.get(output).values()) {
            assertTrue(Double.isFinite(value), () -> sample + " gives " + value);
          }
        }
        assertTrue(node.op().flops(node, rows) >= 0, sample + " takes negative time");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldRefuseInputsThatDoNotFit(final OpRow row) {
    assertTrue(!row.refusals().isEmpty(), row + " refuses nothing");
    for (final OpRow.Refusal refusal : row.refusals()) {
      final Graph graph = new Graph();
      final Value[] inputs =
          refusal.types().stream().map(type -> graph.input("input", type)).toArray(Value[]::new);
      final GradusException e =
          assertThrows(
              GradusException.class,
              () -> graph.applyAll(refusal.op(), inputs),
              refusal.op() + " of " + refusal.types());
      assertEquals(refusal.message(), e.getMessage());
      assertEquals(inputs.length, graph.values().size(), "a refused op has defined values");
      assertEquals(0, graph.nodes().size(), "a refused op has become a node");
    }
  }

  @Test
  void shouldRefuseBothTransposes() {
    final GradusException e = assertThrows(GradusException.class, () -> new MatMul(true, true));
    assertEquals(
        "transposes of a matrix product mismatch: expected=at most one, actual=both",
        e.getMessage());
  }

  @Test
  void shouldRefuseValuesOfAnotherGraph() {
    final Graph graph = new Graph();
    graph.input("x", Samples.batched(3));
    final Value stranger = new Graph().input("stranger", Samples.batched(3));
    final GradusException e =
        assertThrows(GradusException.class, () -> graph.apply(new Add(), stranger, stranger));
    assertEquals("input stranger:f32[N,3] of add belongs to another graph", e.getMessage());
  }

  @Test
  void shouldComposeEveryLossFromOps() {
    for (final String name : Losses.names()) {
      final Loss loss = Losses.byName(name);
      for (final int rows : new int[] {1, 6}) {
        final Graph graph = new Graph();
        final Value prediction = graph.input("prediction", Samples.batched(6));
        final TensorType targetType = loss.targetType(prediction.type());
        final Value target = graph.input("target", targetType);
        final Value value = loss.build(graph, prediction, target);
        final Random random = new Random(rows);
        final Interpreter interpreter = new Interpreter(rows);
        final LossReference reference = LossReference.of(loss);
        interpreter.set(prediction, reference.predictions().from(random, Shape.of(rows, 6)));
        interpreter.set(
            target, reference.target(6).from(random, RealTensor.bound(targetType, rows)));
        interpreter.run(graph.nodes());
        final double expected =
            reference.value().applyAsDouble(interpreter.get(prediction), interpreter.get(target));
        assertEquals(expected, interpreter.scalar(value), 1e-12 * Math.abs(expected), name);
      }
    }
  }

  @Test
  void shouldComposeEveryLayerFromOps() {
    for (final Map.Entry<Class<? extends Layer>, LayerReference> row :
        LayerReference.table().entrySet()) {
      for (final Layer layer : row.getValue().samples()) {
        for (final TensorType input : row.getValue().inputs()) {
          assertForward(row.getValue(), layer, input);
        }
      }
    }
  }

  private static void assertForward(
      final LayerReference reference, final Layer layer, final TensorType input) {
    final int rows = 3;
    final Network.Definition network =
        new Network(input.shape(), input.dtype(), List.of(layer)).define();
    final Random random = new Random(8);
    final Interpreter interpreter = new Interpreter(rows);
    final Draw draw = input.dtype() == DType.INT32 ? Draw.labels(9) : Draw.normal();
    interpreter.set(network.input(), draw.from(random, RealTensor.bound(input, rows)));
    final List<RealTensor> operands = new ArrayList<>(List.of(interpreter.get(network.input())));
    for (final Parameter parameter : network.parameters()) {
      final Value value = parameter.value();
      final boolean buffer = parameter.kind() == Parameter.Kind.BUFFER; // a variance, perhaps
      final Draw values = buffer ? Draw.each(x -> Math.abs(x) + 0.1) : Draw.normal();
      interpreter.set(value, values.from(random, value.shape()));
      operands.add(interpreter.get(value));
    }
    interpreter.run(network.graph().nodes());
    final RealTensor actual = interpreter.get(network.output());
    final RealTensor expected = reference.forward().apply(layer, operands);
    assertEquals(expected.shape(), actual.shape(), layer.describe());
    for (int i = 0; i < expected.length(); i++) {
      assertEquals(expected.at(i), actual.at(i), 1e-12, layer.describe());
    }
  }
}
