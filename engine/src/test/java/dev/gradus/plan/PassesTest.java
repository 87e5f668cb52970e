package dev.gradus.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.ActivateGradient;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.AddChannelBias;
import dev.gradus.graph.op.ColumnSum;
import dev.gradus.graph.op.Conv2d;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.MaxPool2d;
import dev.gradus.graph.op.MaxPool2dGradient;
import dev.gradus.graph.op.Multiply;
import dev.gradus.graph.op.Reshape;
import dev.gradus.kernel.Window;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Sgd;
import dev.gradus.optim.StepScalars;
import dev.gradus.optim.Update;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The passes that order and rewrite nodes: what they do exactly where. */
final class PassesTest {
  private static final int BATCH = 4;
  private static final TensorType ROWS = TensorType.float32(Shape.batched(4));

  private final Graph graph = new Graph();
  private final Value x = graph.input("x", ROWS);
  private final Value weight = graph.parameter("weight", Shape.of(4, 4));
  private final Value bias = graph.parameter("bias", Shape.of(4));

  private Value product() {
    return graph.apply(MatMul.PLAIN, x, weight);
  }

  private Value relu(final Value value) {
    return graph.apply(new Activate(Activations.RELU), value);
  }

  private Value add(final Value a, final Value b) {
    return graph.apply(new Add(), a, b);
  }

  private Value addBias(final Value value) {
    return graph.apply(new AddBias(), value, bias);
  }

  private static List<String> names(final List<Node> nodes) {
    return nodes.stream().map(node -> node.op().name()).toList();
  }

  private List<String> fused(final Value... kept) {
    return names(Fuse.apply(graph.nodes(), Set.of(kept), BATCH));
  }

  @Test
  void shouldFuseProductBiasAndActivation() {
    final Value y = relu(addBias(product()));
    final List<Node> nodes = Fuse.apply(graph.nodes(), Set.of(y), BATCH);
    assertEquals(List.of("matmul+bias+relu"), names(nodes));
    assertEquals(List.of(x, weight, bias), nodes.get(0).inputs());
    assertEquals(List.of(y), nodes.get(0).outputs());
  }

  @Test
  void shouldFuseEachOfBiasAndActivationAlone() {
    assertEquals(List.of("matmul+bias"), fused(addBias(product())));
    final Value more = relu(product());
    assertEquals(List.of("matmul+bias", "matmul+relu"), fused(more));
  }

  @Test
  void shouldFuseOneActivationOnly() {
    assertEquals(List.of("matmul+bias+relu", "relu"), fused(relu(relu(addBias(product())))));
  }

  @Test
  void shouldNotFuseAcrossAnActivationBeforeTheBias() {
    assertEquals(List.of("matmul+relu", "add_bias"), fused(addBias(relu(product()))));
  }

  @Test
  void shouldNotFuseAwayWhatIsKept() {
    final Value product = product();
    final Value sum = addBias(product);
    final Value y = relu(sum);
    assertEquals(List.of("matmul", "add_bias", "relu"), fused(product, y));
    assertEquals(List.of("matmul+bias", "relu"), fused(sum, y));
    assertEquals(List.of("matmul+bias+relu"), fused(y));
  }

  @Test
  void shouldNotFuseAwayWhatIsReadTwice() {
    final Value product = product();
    final Value sum = addBias(product);
    final Value y = relu(sum);
    final Value z = add(y, sum);
    assertEquals(List.of("matmul+bias", "relu", "add"), fused(z));
    final Value again = add(z, product);
    assertEquals(List.of("matmul", "add_bias", "relu", "add", "add"), fused(again));
  }

  @Test
  void shouldNotFuseWhatOneNodeReadsTwice() {
    final Value product = product();
    final Value y = add(product, product);
    assertEquals(List.of("matmul", "add"), fused(y));
  }

  @Test
  void shouldFuseTheGradientOfAnActivationIntoTheProductBehindIt() {
    final Value y = graph.input("y", ROWS);
    final Value dY = graph.apply(MatMul.TRANSPOSE_B, x, weight);
    final Value dX = graph.apply(new ActivateGradient(Activations.TANH), y, dY);
    final List<Node> nodes = Fuse.apply(graph.nodes(), Set.of(dX), BATCH);
    assertEquals(List.of("matmul_tb*tanh'"), names(nodes));
    assertEquals(List.of(x, weight, y), nodes.get(0).inputs());
    assertEquals(List.of("matmul_tb", "tanh_gradient"), fused(dX, dY));
  }

  @Test
  void shouldNotFuseAProductThatIsTheActivationsOutput() {
    final Value y = product();
    final Value dY = graph.input("dY", ROWS);
    final Value dX = graph.apply(new ActivateGradient(Activations.TANH), y, dY);
    assertEquals(List.of("matmul", "tanh_gradient"), fused(dX));
  }

  @Test
  void shouldPlaceAFusedNodeWhereItsLastPartStood() {
    final Value product = product();
    final Value other = relu(x);
    final Value bias2 = graph.apply(new ColumnSum(), other);
    final Value y = graph.apply(new AddBias(), product, bias2);
    assertEquals(List.of("relu", "column_sum", "matmul+bias"), fused(y));
  }

  @Test
  void shouldPruneWhatNobodyNeeds() {
    final Value needed = relu(x);
    final Value unneeded = product();
    add(unneeded, needed);
    final Value y = add(needed, x);
    assertEquals(List.of("relu", "add"), names(Prune.apply(graph.nodes(), Set.of(y))));
    assertEquals(List.of(), Prune.apply(graph.nodes(), Set.of()));
    assertEquals(4, Prune.apply(graph.nodes(), Set.copyOf(graph.values())).size());
  }

  private void update(final Optimizer optimizer, final Value parameter, final Value gradient) {
    final Update update = new Update(optimizer, new StepScalars(optimizer));
    if (optimizer.slots() == 0) {
      graph.applyAll(update, parameter, gradient);
    } else {
      final Shape shape = Update.stateShape(optimizer, parameter.shape());
      graph.applyAll(update, parameter, gradient, graph.state("state", shape));
    }
  }

  @Test
  void shouldFuseConvolutionWithBiasAndActivation() {
    final Value images = graph.input("images", TensorType.float32(Shape.batched(1, 4, 4)));
    final Value filters = graph.parameter("filters", Shape.of(4, 1, 3, 3));
    final Conv2d conv = new Conv2d(Window.square(3, 1, 0, 1), 1);
    final Value sums = graph.apply(new AddChannelBias(), graph.apply(conv, images, filters), bias);
    relu(sums);
    relu(graph.apply(conv, images, filters));
    graph.apply(new AddChannelBias(), graph.apply(conv, images, filters), bias);
    assertEquals(
        List.of("conv2d+bias+relu", "conv2d+relu", "conv2d+bias"),
        names(Fuse.apply(graph.nodes(), Set.of(), BATCH)));
    assertEquals(
        List.of("conv2d+bias", "relu", "conv2d+relu", "conv2d+bias"),
        names(Fuse.apply(graph.nodes(), Set.of(sums), BATCH)));
  }

  @Test
  void shouldFuseGradientsOfPoolingAndActivation() {
    final Value images = graph.input("images", TensorType.float32(Shape.batched(1, 4, 4)));
    final Value active = relu(images);
    final MaxPool2d pool = new MaxPool2d(Window.square(2, 2, 0, 1));
    final List<Value> pooled = graph.applyAll(pool, active);
    final Value gradient =
        graph.apply(new MaxPool2dGradient(pool.window(), 4, 4), pooled.get(1), pooled.get(0));
    graph.apply(new ActivateGradient(Activations.RELU), active, gradient);
    assertEquals(
        List.of("relu", "max_pool2d", "max_pool2d_gradient*relu'"),
        names(Fuse.apply(graph.nodes(), Set.of(), BATCH)));
    graph.apply(new ActivateGradient(Activations.GELU), active, gradient);
    assertEquals(
        List.of("relu", "max_pool2d", "max_pool2d_gradient", "relu_gradient", "gelu_gradient"),
        names(Fuse.apply(graph.nodes(), Set.of(), BATCH)));
  }

  @Test
  void shouldFuseTheUpdateWithItsProductInBatchesOfOneRow() {
    final Value gradient = graph.apply(MatMul.TRANSPOSE_A, x, x);
    update(new Sgd(1), weight, gradient);
    assertEquals(List.of("matmul_ta", "sgd"), fused());
    final List<Node> nodes = Fuse.apply(graph.nodes(), Set.of(), 1);
    assertEquals(List.of("sgd_product"), names(nodes));
    assertEquals(List.of(weight, x, x), nodes.getFirst().inputs());
    assertTrue(nodes.getFirst().op().mutates(0));
    assertFalse(nodes.getFirst().op().mutates(1));
    assertEquals(
        List.of("matmul_ta", "sgd"), names(Fuse.apply(graph.nodes(), Set.of(gradient), 1)));
    relu(gradient);
    assertEquals(
        List.of("matmul_ta", "sgd", "relu"), names(Fuse.apply(graph.nodes(), Set.of(), 1)));
  }

  @Test
  void shouldNotFuseAnUpdateWithAProductOfWhatAnotherUpdates() {
    final Value factor = graph.parameter("factor", Shape.of(1, 4));
    final Value gradient = graph.apply(MatMul.TRANSPOSE_A, factor, factor);
    update(new Sgd(1), factor, factor);
    update(new Sgd(1), weight, gradient);
    assertEquals(List.of("matmul_ta", "sgd", "sgd"), names(Fuse.apply(graph.nodes(), Set.of(), 1)));
  }

  @Test
  void shouldKeepUpdatesWhenPruning() {
    final Value gradient = graph.apply(MatMul.TRANSPOSE_A, x, x);
    relu(x);
    update(new Sgd(0.1), weight, gradient);
    update(new Adam(0.1), bias, graph.apply(new ColumnSum(), x));
    assertEquals(
        List.of("matmul_ta", "sgd", "column_sum", "adam"),
        names(Prune.apply(graph.nodes(), Set.of())));
  }

  @Test
  void shouldUpdateAsSoonAsTheGradientIsThere() {
    final Value dWeight = graph.apply(MatMul.TRANSPOSE_A, x, x);
    final Value dBias = graph.apply(new ColumnSum(), x);
    relu(x);
    update(new Sgd(0.1), weight, dWeight);
    update(new Adam(0.1), bias, dBias);
    assertEquals(
        List.of("matmul_ta", "sgd", "column_sum", "adam", "relu"),
        names(Schedule.apply(graph.nodes(), Set.of())));
  }

  @Test
  void shouldUpdateBehindTheLastReaderOfTheOldValue() {
    final Value dWeight = graph.apply(MatMul.TRANSPOSE_A, x, x);
    final Value dBias = graph.apply(new ColumnSum(), x);
    relu(x);
    product(); // reads the weight
    update(new Sgd(0.1), weight, dWeight);
    update(new Adam(0.1), bias, dBias);
    relu(x);
    assertEquals(
        List.of("matmul_ta", "column_sum", "adam", "relu", "matmul", "sgd", "relu"),
        names(Schedule.apply(graph.nodes(), Set.of())));
  }

  @Test
  void shouldUpdateBehindReadersOfAViewOfTheOldValue() {
    final Value view = graph.apply(new Reshape(Shape.of(4, 1, 4)), weight);
    final Value dWeight = graph.apply(MatMul.TRANSPOSE_A, x, x);
    update(new Sgd(0.1), weight, dWeight);
    graph.apply(new Activate(Activations.TANH), view);
    assertEquals(
        List.of("reshape", "matmul_ta", "tanh", "sgd"),
        names(Schedule.apply(graph.nodes(), Set.of())));
  }

  @Test
  void shouldUpdateBehindOtherReadersOfTheGradient() {
    final Value dBias = graph.apply(new ColumnSum(), x);
    update(new Sgd(0.1), bias, dBias);
    graph.apply(new Multiply(), dBias, dBias);
    assertEquals(
        List.of("column_sum", "multiply", "sgd"), names(Schedule.apply(graph.nodes(), Set.of())));
  }

  @Test
  void shouldOrderATrainingStepInAStraightLine() {
    final Network network = Network.mlp(Activations.RELU, 6, 5, 4, 3);
    try (Engine engine = Engine.open()) {
      final PlanReport report =
          TrainPlan.dryRun(
              engine, network, Losses.softmaxCrossEntropy(), new Sgd(0.1), new PlanOptions(2));
      assertEquals(
          List.of(
              "matmul+bias+relu",
              "matmul+bias+relu",
              "matmul+bias",
              "softmax_cross_entropy",
              "mean",
              "mean_gradient",
              "softmax_cross_entropy_gradient",
              "column_sum",
              "sgd",
              "matmul_ta",
              "matmul_tb*relu'", // the last to read the weight
              "sgd",
              "column_sum",
              "sgd",
              "matmul_ta",
              "matmul_tb*relu'", // the last to read the weight
              "sgd",
              "column_sum",
              "sgd",
              "matmul_ta",
              "sgd"),
          report.steps().stream().map(PlanReport.StepReport::op).toList());
    }
  }

  @Test
  void shouldSumGradientsOfAValueReadTwice() {
    final Value y = add(relu(x), x);
    final Value loss = Losses.meanSquaredError().build(graph, y, graph.input("target", ROWS));
    final int before = graph.nodes().size();
    final Map<Value, Value> gradients = Differentiate.gradients(graph, loss, List.of(x));
    assertEquals(Set.of(x), gradients.keySet());
    assertEquals(x.type(), gradients.get(x).type());
    final List<Node> added = graph.nodes().subList(before, graph.nodes().size());
    assertEquals(
        List.of("mean_gradient", "mse_gradient", "relu_gradient", "add"),
        names(Prune.apply(added, Set.of(gradients.get(x)))));
  }

  @Test
  void shouldRefuseToDifferentiateWhatIsNoScalarOrIndependent() {
    final Value y = relu(x);
    assertEquals(
        "type of the loss mismatch: expected=f32[1], actual=f32[N,4]",
        assertThrows(GradusException.class, () -> Differentiate.gradients(graph, y, List.of(x)))
            .getMessage());
    final Value loss = Losses.meanSquaredError().build(graph, y, graph.input("target", ROWS));
    assertEquals(
        "loss as a function of weight:f32[4,4] mismatch: expected=dependent, actual=independent",
        assertThrows(
                GradusException.class,
                () -> Differentiate.gradients(graph, loss, List.of(x, weight)))
            .getMessage());
  }
}
