package dev.gradus.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.MeanGradient;
import dev.gradus.graph.op.Reshape;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PlaceMemoryTest {
  private static final int CAPACITY = 16; // a value of 4 columns takes 256 bytes
  private static final long BLOCK = 256;

  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.float32(Shape.batched(4)));

  private Value relu(final Value value) {
    return graph.apply(new Activate(Activations.RELU), value);
  }

  private Value add(final Value a, final Value b) {
    return graph.apply(new Add(), a, b);
  }

  private PlaceMemory.Workspace place(final Value... pinned) {
    return place(0, pinned);
  }

  private PlaceMemory.Workspace place(final long scratchBytes, final Value... pinned) {
    final List<Prepared> prepared = new ArrayList<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      prepared.add(new Prepared("none", scratchBytes, placement -> rows -> {}));
    }
    return PlaceMemory.place(graph.nodes(), prepared, List.of(x), Set.of(pinned), CAPACITY);
  }

  @Test
  void shouldComputeInPlaceWhatNobodyReadsAfterwards() {
    final Value y = relu(x);
    final Value z = relu(y);
    final PlaceMemory.Workspace workspace = place(z);
    assertEquals(BLOCK, workspace.bytes());
    assertEquals(workspace.offsets().get(x), workspace.offsets().get(z));
    assertEquals(workspace.offsets().get(y), workspace.offsets().get(z));
  }

  private Value flat(final Value value) {
    return graph.apply(new Reshape(Shape.batched(2, 2)), value);
  }

  private Value back(final Value value) {
    return graph.apply(new Reshape(Shape.batched(4)), value);
  }

  @Test
  void shouldGiveViewThePlaceOfItsRoot() {
    final Value y = relu(x);
    final Value view = back(flat(y));
    final Value z = relu(view);
    final PlaceMemory.Workspace workspace = place(z);
    assertEquals(BLOCK, workspace.bytes(), "in place through the view");
    assertEquals(workspace.offsets().get(y), workspace.offsets().get(view));
    assertEquals(workspace.offsets().get(x), workspace.offsets().get(z));
  }

  @Test
  void shouldNotOverwriteWhatIsReadThroughView() {
    final Value y = relu(x);
    final Value view = flat(y);
    final Value z = relu(y);
    final Value later = relu(view);
    final PlaceMemory.Workspace workspace = place(z, later);
    assertNotEquals(workspace.offsets().get(y), workspace.offsets().get(z));
    assertEquals(workspace.offsets().get(y), workspace.offsets().get(later), "the last reader");
    assertEquals(2 * BLOCK, workspace.bytes());
  }

  @Test
  void shouldKeepRootOfPinnedView() {
    final Value y = relu(x);
    final Value view = flat(y);
    final Value z = relu(y);
    final PlaceMemory.Workspace workspace = place(view, z);
    assertNotEquals(workspace.offsets().get(view), workspace.offsets().get(z));
  }

  @Test
  void shouldNotOverwriteWhatIsPinned() {
    final Value y = relu(x);
    final Value z = relu(y);
    assertEquals(2 * BLOCK, place(x, z).bytes(), "the input stays");
    assertEquals(2 * BLOCK, place(y, z).bytes(), "a result stays");
    assertEquals(3 * BLOCK, place(x, y, z).bytes());
  }

  @Test
  void shouldNotOverwriteWhatIsReadAgain() {
    final Value y = relu(x);
    final Value z = relu(y);
    final Value sum = add(z, y); // may take the place of either
    final PlaceMemory.Workspace workspace = place(sum);
    assertEquals(2 * BLOCK, workspace.bytes());
    assertNotEquals(workspace.offsets().get(y), workspace.offsets().get(z));
  }

  @Test
  void shouldNotOverwriteWithOpsThatReadWhileTheyWrite() {
    final Value square = graph.parameter("square", Shape.of(4, 4));
    final Value y = graph.apply(MatMul.PLAIN, x, square);
    assertEquals(2 * BLOCK, place(y).bytes());
    assertTrue(!place(y).offsets().containsKey(square), "parameters don't lie in the workspace");
  }

  @Test
  void shouldGiveScratchAPlaceOfItsOwn() {
    final Value y = relu(x);
    final PlaceMemory.Workspace workspace = place(100, x, y);
    assertEquals(2 * BLOCK + 128, workspace.bytes());
    assertEquals(1, workspace.scratchOffsets().size());
    final Value z = relu(relu(y));
    assertEquals(2 * BLOCK + 128, place(100, x, z).bytes(), "steps share it, one after another");
  }

  @Test
  void shouldKeepConstantsFromRunToRun() {
    final Value one = graph.constant(1);
    graph.apply(new MeanGradient(false), one, relu(x));
    final Value y = relu(x);
    final PlaceMemory.Workspace workspace = place(y);
    final long at = workspace.offsets().get(one);
    for (final Value value : graph.values()) {
      final long from = workspace.offsets().get(value);
      assertTrue(
          value == one || from >= at + Slab.ALIGNMENT || from + BLOCK <= at,
          value + " lies on the constant");
    }
  }

  @Test
  void shouldPlaceInputsNobodyReads() {
    final Value unread = graph.input("unread", TensorType.float32(Shape.batched(4)));
    final PlaceMemory.Workspace workspace =
        PlaceMemory.place(List.of(), List.of(), List.of(x, unread), Set.of(x, unread), CAPACITY);
    assertEquals(2 * BLOCK, workspace.bytes());
  }

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  /**
   * In scalar mode a product needs no scratch; so the peak is that of two neighbours exactly, as a
   * predict plan keeps no activations. The input counts as a neighbour of the first layer.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void shouldTakeTheLargestNeighbouringPairToPredictAnMlp(final long seed) {
    final Random random = new Random(seed);
    final int[] sizes = random.ints(2 + random.nextInt(8), 1, 300).toArray();
    final int rows = 1 + random.nextInt(50);
    final Network network = Network.mlp(Activations.RELU, sizes);
    try (Engine engine = Engine.open(new EngineOptions(1, "java", KernelMode.SCALAR))) {
      final PlanReport report = PredictPlan.dryRun(engine, network, new PlanOptions(rows));
      assertEquals(largestPair(sizes, rows), report.workspaceBytes(), "seed=" + seed);
    }
  }

  private static long largestPair(final int[] sizes, final int rows) {
    long largest = 0;
    for (int i = 1; i < sizes.length; i++) {
      largest = Math.max(largest, layerBytes(sizes[i - 1], rows) + layerBytes(sizes[i], rows));
    }
    return largest;
  }

  private static long layerBytes(final int size, final int rows) {
    return Slab.aligned(4L * size * rows);
  }

  /** With vectors, too, where each product packs its operands into scratch beside its pair. */
  @ParameterizedTest
  @EnumSource
  void shouldTakeTheLargestPairWithItsScratch(final KernelMode mode) {
    final int[] sizes = {784, 256, 128, 64, 10};
    final int rows = 64;
    final Network network = Network.mlp(Activations.RELU, sizes);
    try (Engine engine = Engine.open(new EngineOptions(3, "java", mode))) {
      final Compilation compilation = PredictPlan.compilation(engine, network.define(), rows);
      long expected = 0;
      for (int i = 0; i < compilation.nodes().size(); i++) {
        final long pair = layerBytes(sizes[i], rows) + layerBytes(sizes[i + 1], rows);
        expected =
            Math.max(expected, pair + Slab.aligned(compilation.prepared().get(i).scratchBytes()));
      }
      assertEquals(sizes.length - 1, compilation.nodes().size());
      assertEquals(expected, compilation.workspace().bytes());
      final PlanReport trained =
          TrainPlan.dryRun(
              engine, network, Losses.softmaxCrossEntropy(), new Sgd(1), new PlanOptions(rows));
      assertTrue(expected < trained.workspaceBytes(), "a train plan keeps activations");
      assertEquals(expected, trained.predictWorkspaceBytes());
    }
  }

  /** Two values of a plan share bytes only where one took over the other's place. */
  @Test
  void shouldKeepApartWhatIsAliveAtATime() {
    final Network network = Network.parse("input(13) dense(17,tanh) tanh() dense(9,relu) dense(5)");
    try (Engine engine = Engine.open(new EngineOptions(2, "java"))) {
      final Compilation compilation = PredictPlan.compilation(engine, network.define(), 7);
      for (int i = 0; i < compilation.nodes().size(); i++) {
        final Node node = compilation.nodes().get(i);
        final long scratch = compilation.workspace().scratchOffsets().get(i);
        final long scratchEnd = scratch + compilation.prepared().get(i).scratchBytes();
        for (final Value value : List.of(node.input(0), node.output())) {
          final long from = compilation.workspace().offsets().get(value);
          final long end = from + value.type().bytes(7);
          assertTrue(
              end <= scratch || from >= scratchEnd, value + " lies on the scratch of " + node);
        }
        if (!node.op().canOverwrite(0)) {
          final long in = compilation.workspace().offsets().get(node.input(0));
          final long out = compilation.workspace().offsets().get(node.output());
          assertTrue(
              in + node.input(0).type().bytes(7) <= out
                  || out + node.output().type().bytes(7) <= in,
              node + " overwrites its input");
        }
      }
    }
  }
}
