package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gradus.gemm.GemmSelector;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Conv2d;
import dev.gradus.graph.op.Conv2dWeightGradient;
import dev.gradus.graph.op.ConvTranspose2d;
import dev.gradus.graph.op.FusedConv2d;
import dev.gradus.graph.op.FusedMatMul;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.WeightGradients;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proves the kernels: every op of the table as a bound step against its reference in double
 * precision, with SIMD and without, on one thread and on three, at capacity and below, in place
 * where that is allowed. All of these runs have the same bits.
 */
final class OpKernelTest {
  private static final List<Engine> ENGINES = new ArrayList<>();

  /** The ops that a backend for matrix products takes part in. */
  private static final Set<Class<? extends Op>> MULTIPLYING =
      Set.of(
          MatMul.class,
          FusedMatMul.class,
          Conv2d.class,
          FusedConv2d.class,
          ConvTranspose2d.class,
          Conv2dWeightGradient.class,
          WeightGradients.class);

  @BeforeAll
  static void openEngines() {
    for (final KernelMode mode : KernelMode.values()) {
      for (final int threads : new int[] {1, 3}) {
        ENGINES.add(Engine.open(new EngineOptions(threads, "java", mode)));
      }
    }
  }

  @AfterAll
  static void closeEngines() {
    ENGINES.forEach(Engine::close);
    ENGINES.clear();
  }

  static Stream<OpRow> rows() {
    return OpTable.rows().stream();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void shouldComputeAsReference(final OpRow row) {
    long seed = 100;
    for (final Sample sample : row.samples()) {
      for (final int rows : sample.rows()) {
        assertEquals(List.of(), faults(sample, rows, seed++));
      }
    }
  }

  static Stream<String> otherBackends() {
    return GemmSelector.names().stream()
        .filter(name -> !name.equals("java") && !name.equals(GemmSelector.AUTO));
  }

  /**
   * Sums of other backends have an order of their own, so their bits may be others; not their
   * errors.
   */
  @ParameterizedTest
  @MethodSource("otherBackends")
  void shouldMultiplyMatricesWithOtherBackends(final String name) {
    for (final int threads : new int[] {1, 3}) {
      try (Engine engine = open(name, threads)) {
        long seed = 500;
        for (final OpRow row : OpTable.rows()) {
          if (MULTIPLYING.contains(row.kind())) {
            for (final Sample sample : row.samples()) {
              for (final int rows : sample.rows()) {
                final KernelCheck check = new KernelCheck(sample, rows, seed++);
                check.run(engine.backend());
                assertEquals(List.of(), check.faults());
              }
            }
          }
        }
      }
    }
  }

  private static Engine open(final String backend, final int threads) {
    try {
      return Engine.open(new EngineOptions(threads, backend));
    } catch (final GradusException e) {
      return abort(e.getMessage()); // not to be had on this machine
    }
  }

  private static List<String> faults(final Sample sample, final int rows, final long seed) {
    final KernelCheck check = new KernelCheck(sample, rows, seed);
    List<int[]> first = null;
    for (final Engine engine : ENGINES) {
      final Backend backend = engine.backend();
      final List<int[]> bits = check.run(backend);
      if (first == null) {
        first = bits;
      }
      check.requireSame(backend.mode() + " on " + engine.threads() + " threads", first, bits);
      check.runInPlace(backend, first);
    }
    return check.faults();
  }

  /** {@code 2 * x}, computed in a way that a test chooses. */
  private record Twice(Fault fault) implements ReferencedOp {
    enum Fault {
      NONE,
      LAST_ELEMENT_LEFT_OUT,
      ONE_ELEMENT_TOO_MANY,
      SLIGHTLY_OFF,
      INPUT_CHANGED,
      MORE_ROWS_READ,
      SCRATCH_TOO_SMALL,
      SCRATCH_TRUSTED
    }

    @Override
    public String name() {
      return "twice";
    }

    @Override
    public List<TensorType> outputs(final List<TensorType> inputs) {
      return List.of(inputs.get(0));
    }

    @Override
    public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
      throw new UnsupportedOperationException("only for its kernel");
    }

    @Override
    public List<RealTensor> evaluate(final List<RealTensor> inputs) {
      final RealTensor y = RealTensor.zeros(inputs.get(0).shape());
      for (int i = 0; i < y.length(); i++) {
        y.set(i, 2 * inputs.get(0).at(i), 1);
      }
      return List.of(y);
    }

    @Override
    public Prepared prepare(final Node node, final Backend backend, final int capacity) {
      return new Prepared(
          "faulty", Float.BYTES, placement -> rows -> run(node, placement, rows, capacity));
    }

    private void run(
        final Node node, final Placement placement, final int rows, final int capacity) {
      final long count = node.output().shape().elements(rows);
      final long written =
          switch (fault) {
            case LAST_ELEMENT_LEFT_OUT -> count - 1;
            case ONE_ELEMENT_TOO_MANY -> count + 1;
            default -> count;
          };
      for (long i = 0; i < written; i++) {
        final float x = OffHeap.getFloat(placement.input(0) + i * Float.BYTES);
        OffHeap.setFloat(
            placement.output(0) + i * Float.BYTES,
            fault == Fault.SLIGHTLY_OFF ? Math.nextUp(Math.nextUp(2 * x)) : 2 * x);
      }
      final long lastOfCapacity =
          placement.input(0) + (node.output().shape().elements(capacity) - 1) * Float.BYTES;
      switch (fault) {
        case INPUT_CHANGED -> OffHeap.setFloat(placement.input(0), 0);
        case MORE_ROWS_READ ->
            OffHeap.setFloat(placement.output(0), OffHeap.getFloat(lastOfCapacity));
        case SCRATCH_TOO_SMALL -> OffHeap.setFloat(placement.scratch() + Float.BYTES, 0);
        case SCRATCH_TRUSTED ->
            OffHeap.setFloat(
                placement.output(0),
                OffHeap.getFloat(placement.output(0)) + OffHeap.getFloat(placement.scratch()));
        default -> {}
      }
    }
  }

  @Test
  void shouldCatchPlantedFaults() {
    for (final Twice.Fault fault : Twice.Fault.values()) {
      final int capacity = fault == Twice.Fault.MORE_ROWS_READ ? 4 : 3;
      final Sample sample =
          new Sample(
              new Twice(fault), capacity, List.of(Samples.batched(5)), List.of(Draw.normal()));
      final KernelCheck check = new KernelCheck(sample, 3, 9);
      check.run(ENGINES.get(0).backend());
      assertEquals(
          fault == Twice.Fault.NONE, check.faults().isEmpty(), () -> fault + ": " + check.faults());
    }
  }

  @Test
  void shouldCatchDifferingBits() {
    final Sample sample =
        new Sample(
            new Twice(Twice.Fault.NONE), 3, List.of(Samples.batched(5)), List.of(Draw.normal()));
    final KernelCheck check = new KernelCheck(sample, 3, 9);
    final List<int[]> bits = check.run(ENGINES.get(0).backend());
    bits.get(0)[7]++;
    check.requireSame("elsewhere", bits, check.run(ENGINES.get(0).backend()));
    assertEquals(1, check.faults().size());
    assertTrue(check.faults().get(0).startsWith("result 0[7] elsewhere: "), check.faults().get(0));
  }
}
