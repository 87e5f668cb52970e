package dev.gradus.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.SoftmaxCrossEntropy;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class GraphTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.float32(Shape.batched(4)));

  @Test
  void shouldNumberValuesInOrderOfDefinition() {
    final Value weight = graph.parameter("w", Shape.of(4, 3));
    final Value state = graph.state("s", Shape.of(3));
    final Value two = graph.constant(2);
    final Value y = graph.apply(MatMul.PLAIN, x, weight);
    assertEquals(List.of(x, weight, state, two, y), graph.values());
    for (int i = 0; i < graph.values().size(); i++) {
      assertEquals(i, graph.values().get(i).id());
    }
    assertEquals(Value.Role.INPUT, x.role());
    assertEquals(Value.Role.PARAMETER, weight.role());
    assertEquals(Value.Role.STATE, state.role());
    assertEquals(Value.Role.CONSTANT, two.role());
    assertEquals(2f, two.constant());
    assertEquals(Value.Role.COMPUTED, y.role());
    assertEquals("x:f32[N,4]", x.toString());
    assertEquals("w:f32[4,3]", weight.toString());
  }

  @Test
  void shouldAppendNodes() {
    final Value y = graph.apply(new Activate(Activations.RELU), x);
    final Value z = graph.apply(new Add(), y, x);
    assertEquals(2, graph.nodes().size());
    final Node node = graph.nodes().get(1);
    assertEquals(new Add(), node.op());
    assertEquals(List.of(y, x), node.inputs());
    assertEquals(z, node.output());
    assertEquals(List.of(x.type(), x.type()), node.inputTypes());
  }

  @Test
  void shouldRefuseInputsThatDoNotFit() {
    final Value narrow = graph.input("narrow", TensorType.float32(Shape.batched(3)));
    final Value labels = graph.input("labels", TensorType.int32(Shape.batched()));
    final int values = graph.values().size();
    assertMessage(
        "second input of add mismatch: expected=f32[N,4], actual=f32[N,3]",
        () -> graph.apply(new Add(), x, narrow));
    assertMessage(
        "number of inputs of add mismatch: expected=2, actual=1", () -> graph.apply(new Add(), x));
    assertMessage(
        "element type of first input of add mismatch: expected=FLOAT32, actual=INT32",
        () -> graph.apply(new Add(), labels, labels));
    assertMessage(
        "outputs of softmax_cross_entropy mismatch: expected=1, actual=2",
        () -> graph.apply(new SoftmaxCrossEntropy(), x, labels));
    assertEquals(values, graph.values().size(), "a refused op must leave nothing behind");
    assertEquals(List.of(), graph.nodes());
  }

  @Test
  void shouldRefuseValuesOfAnotherGraph() {
    final Value other = new Graph().input("other", x.type());
    assertMessage(
        "input other:f32[N,4] of add belongs to another graph",
        () -> graph.apply(new Add(), x, other));
  }

  @Test
  void shouldRefuseParametersOfABatch() {
    final Shape batch = Shape.batched(3);
    assertMessage(
        "shape of w mismatch: expected=fixed dimensions, actual=[N,3]",
        () -> graph.parameter("w", batch));
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
