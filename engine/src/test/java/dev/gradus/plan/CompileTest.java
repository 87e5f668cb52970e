package dev.gradus.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Initializer;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.nn.Scope;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Sgd;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What compiling takes, announces and refuses; and the life of engines and parameters. */
final class CompileTest {
  private static final Network NETWORK = Network.mlp(Activations.RELU, 20, 30, 10);
  private static final Loss LOSS = Losses.softmaxCrossEntropy();
  private static final PlanOptions OPTIONS = new PlanOptions(16);

  private final Engine engine = Engine.open();

  @AfterEach
  void close() {
    assertEquals(0, engine.account().openBytes(), "off-heap bytes left open");
    engine.close();
  }

  static Stream<Arguments> compilations() {
    return Stream.of(
        Arguments.of(NETWORK, Losses.softmaxCrossEntropy(), new Sgd(0.1)),
        Arguments.of(NETWORK, Losses.meanSquaredError(), new Adam(0.1)),
        Arguments.of(
            Network.parse("input(3,5) dense(7,tanh) softmax() dense(1,sigmoid)"),
            Losses.meanSquaredError(),
            new Adam(0.1)),
        Arguments.of(Network.parse("input(5) relu()"), LOSS, new Adam(0.1)));
  }

  @ParameterizedTest
  @MethodSource("compilations")
  void shouldTakeExactlyTheBytesAnnounced(
      final Network network, final Loss loss, final Optimizer optimizer) {
    final PlanReport trained = TrainPlan.dryRun(engine, network, loss, optimizer, OPTIONS);
    final PlanReport predicted = PredictPlan.dryRun(engine, network, OPTIONS);
    assertEquals(0, engine.account().peakBytes(), "a dry run allocates nothing");
    try (Parameters parameters = Parameters.initialise(engine, network, 1)) {
      assertEquals(trained.parameterBytes(), engine.account().openBytes());
      assertEquals(trained.parameterCount(), parameters.count());
      try (TrainPlan train =
          TrainPlan.compile(engine, network, parameters, loss, optimizer, OPTIONS)) {
        assertEquals(trained, train.report());
        assertEquals(trained.totalBytes(), engine.account().openBytes());
        try (PredictPlan predict = PredictPlan.compile(engine, network, parameters, OPTIONS)) {
          assertEquals(predicted, predict.report());
          assertEquals(trained.totalBytes() + predicted.planBytes(), engine.account().openBytes());
        }
        train.step(16);
        train.step(1);
        assertEquals(trained.totalBytes(), engine.account().openBytes());
      }
      assertEquals(trained.parameterBytes(), engine.account().openBytes());
    }
    assertEquals(
        trained.totalBytes() + predicted.planBytes(), engine.account().peakBytes(), "the peak");
    assertEquals(predicted.workspaceBytes(), trained.predictWorkspaceBytes());
  }

  @Test
  void shouldRefusePlansBeyondTheirBudgetBeforeAnythingIsAllocated() {
    final long train = TrainPlan.dryRun(engine, NETWORK, LOSS, new Adam(0.1), OPTIONS).planBytes();
    final long predict = PredictPlan.dryRun(engine, NETWORK, OPTIONS).planBytes();
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1)) {
      final long before = engine.account().peakBytes();
      assertMessage(
          "memory of the plan out of range: expected=at most "
              + (train - 1)
              + " bytes, actual="
              + train,
          () -> compileTrain(parameters, new PlanOptions(16, train - 1)));
      assertMessage(
          "memory of the plan out of range: expected=at most 0 bytes, actual=" + predict,
          () -> PredictPlan.compile(engine, NETWORK, parameters, new PlanOptions(16, 0)));
      assertThrows(
          GradusException.class,
          () -> EvaluatePlan.compile(engine, NETWORK, parameters, LOSS, new PlanOptions(16, 0)));
      assertEquals(before, engine.account().peakBytes());
      compileTrain(parameters, new PlanOptions(16, train)).close();
      PredictPlan.compile(engine, NETWORK, parameters, new PlanOptions(16, predict)).close();
    }
  }

  private TrainPlan compileTrain(final Parameters parameters, final PlanOptions options) {
    return TrainPlan.compile(engine, NETWORK, parameters, LOSS, new Adam(0.1), options);
  }

  @Test
  void shouldRefuseParametersOfAnotherNetwork() {
    final Network wider = Network.mlp(Activations.RELU, 20, 31, 10);
    final Network deeper = Network.mlp(Activations.RELU, 20, 30, 10, 10);
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1)) {
      final long before = engine.account().peakBytes();
      assertMessage(
          "shape of parameter 0.weight mismatch: expected=[20,31], actual=[20,30]",
          () -> PredictPlan.compile(engine, wider, parameters, OPTIONS));
      assertMessage(
          "unknown parameter \"2.weight\": expected=one of [0.weight, 0.bias, 1.weight,"
              + " 1.bias], nearest=0.weight",
          () -> TrainPlan.compile(engine, deeper, parameters, LOSS, new Sgd(1), OPTIONS));
      assertEquals(before, engine.account().peakBytes());
    }
  }

  @Test
  void shouldRefuseSizesBeyondWhatCanBeCounted() {
    final Network wide = Network.mlp(Activations.RELU, 60_000, 60_000);
    assertEquals(
        60_000L * 60_000 + 60_000, wide.parameterCount(), "that many weights are fine without");
    TrainPlan.dryRun(engine, wide, LOSS, new Sgd(0.1), OPTIONS);
    assertMessage(
        "elements of a parameter for adam out of range: expected=below 2^31, actual=3600000000",
        () -> TrainPlan.dryRun(engine, wide, LOSS, new Adam(0.1), OPTIONS));
    final Network sequences = Network.of(Shape.batched(70_000, 1), new Dense(1));
    assertMessage(
        "rows of matmul of [N,70000,1] out of range: expected=below 2^31, actual=4900000000",
        () -> PredictPlan.dryRun(engine, sequences, new PlanOptions(70_000)));
    final int most = Integer.MAX_VALUE;
    final Network huge = Network.mlp(Activations.RELU, most, most, most, most);
    assertThrows(GradusException.class, () -> Parameters.zeros(engine, huge));
    assertThrows(
        GradusException.class, () -> PredictPlan.dryRun(engine, huge, new PlanOptions(most)));
  }

  @Test
  void shouldFreeParametersWhoseInitialisationFails() {
    final Initializer failing =
        (tensor, fanIn, fanOut, seed, stream) -> {
          throw new IllegalStateException("no randomness today");
        };
    final Network network = Network.of(Shape.batched(3), new Dense(2, null, failing));
    assertThrows(IllegalStateException.class, () -> Parameters.initialise(engine, network, 1));
    assertEquals(64 + 64, engine.account().peakBytes());
  }

  /** A layer whose op can be prepared but not bound. */
  private record Unbindable() implements Layer, Op {
    @Override
    public Value define(final Scope scope, final Value input) {
      return scope.graph().apply(this, input);
    }

    @Override
    public String describe() {
      return "unbindable()";
    }

    @Override
    public String name() {
      return "unbindable";
    }

    @Override
    public List<TensorType> outputs(final List<TensorType> inputs) {
      return inputs;
    }

    @Override
    public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
      return dOutputs;
    }

    @Override
    public Prepared prepare(final Node node, final Backend backend, final int capacity) {
      return new Prepared(
          "none",
          placement -> {
            throw new IllegalStateException("no kernel today");
          });
    }

    @Override
    public long flops(final Node node, final int rows) {
      return 0;
    }
  }

  @Test
  void shouldFreePlansWhoseBindingFails() {
    final Network network = Network.of(Shape.batched(3), new Dense(2), new Unbindable());
    try (Parameters parameters = Parameters.initialise(engine, network, 1)) {
      assertThrows(
          IllegalStateException.class,
          () -> PredictPlan.compile(engine, network, parameters, OPTIONS));
      assertEquals(parameters.bytes(), engine.account().openBytes());
    }
  }

  @Test
  void shouldInitialiseEachParameterFromAStreamOfItsOwn() {
    final Network network = Network.mlp(Activations.RELU, 10, 10, 10, 10);
    try (Parameters first = Parameters.initialise(engine, network, 7);
        Parameters again = Parameters.initialise(engine, network, 7);
        Parameters other = Parameters.initialise(engine, network, 8);
        Parameters zeros = Parameters.zeros(engine, network)) {
      assertEquals(first.sha256(), again.sha256());
      assertNotEquals(first.sha256(), other.sha256());
      assertNotEquals(
          first.tensor("0.weight").get(0), first.tensor("1.weight").get(0), "a shared stream");
      assertArrayEquals(new float[10], first.tensor("1.bias").toFloatArray());
      zeros.copyFrom(first);
      assertEquals(first.sha256(), zeros.sha256());
      zeros.tensor("2.bias").set(9, Math.nextUp(0f));
      assertFalse(first.sha256().equals(zeros.sha256()), "one bit makes another hash");
    }
  }

  @Test
  void shouldCopyNoParametersOfAnotherNetwork() {
    final Network other = Network.mlp(Activations.RELU, 20, 30, 9);
    try (Parameters parameters = Parameters.zeros(engine, NETWORK);
        Parameters wrong = Parameters.initialise(engine, other, 1)) {
      final String before = parameters.sha256();
      assertMessage(
          "shape of parameter 1.weight mismatch: expected=[30,10], actual=[30,9]",
          () -> parameters.copyFrom(wrong));
      assertEquals(before, parameters.sha256(), "nothing is copied, not even what fits");
      assertMessage(
          "unknown parameter \"0.wieght\": expected=one of [0.weight, 0.bias, 1.weight, 1.bias],"
              + " nearest=0.weight",
          () -> parameters.tensor("0.wieght"));
    }
  }

  @Test
  void shouldRefuseOptionsOutOfRange() {
    assertMessage(
        "batch capacity out of range: expected=1 or more, actual=0", () -> new PlanOptions(0));
    assertMessage(
        "memory budget out of range: expected=0 or more bytes, actual=-1",
        () -> new PlanOptions(1, -1));
    assertMessage(
        "threads out of range: expected=1 to 1024, actual=0", () -> new EngineOptions(0, "java"));
    assertMessage(
        "backend mismatch: expected=a name, actual=null", () -> new EngineOptions(1, null));
    final String message =
        assertThrows(GradusException.class, () -> Engine.open(new EngineOptions(1, "jav")))
            .getMessage();
    assertEquals("unknown backend \"jav\": expected=one of [auto, java], nearest=java", message);
  }

  @ParameterizedTest
  @EnumSource
  void shouldRunTheKernelsAskedFor(final KernelMode mode) {
    try (Engine forced = Engine.open(new EngineOptions(3, "java", mode))) {
      assertEquals(mode, forced.backend().mode());
      assertEquals(3, forced.threads());
      assertEquals("as asked for", forced.kernelReason());
      assertEquals(
          "threads 3; kernels "
              + mode
              + " (as asked for); matrix products java ("
              + forced.backendReason()
              + ")",
          forced.describe());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void shouldStartAndEndTheThreadsAskedFor(final int threads) {
    final long before = workers();
    try (Engine more = Engine.open(new EngineOptions(threads, "java"))) {
      assertEquals(threads - 1, workers() - before);
      assertEquals(threads, more.threads());
    }
    assertEquals(before, workers());
  }

  private static long workers() {
    final Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
    return threads.keySet().stream()
        .filter(thread -> thread.getName().startsWith("gradus-worker"))
        .count();
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
