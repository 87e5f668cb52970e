package dev.gradus.bench.gemm;

import dev.gradus.bench.work.Steady;
import dev.gradus.bench.work.Work;
import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSelector;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.kernel.AddBias;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.memory.OffHeap;
import dev.gradus.nn.Activations;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A dense layer with ReLU over 256 rows, 64 features, 256 outputs, by one thread in pure Java: bias
 * and activation added while a tile of the product is in cache, or in passes of their own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class LayerBench {
  private static final int ROWS = 256;
  private static final int FEATURES = 64;
  private static final int OUTPUTS = 256;

  /** The one begins its sums with the bias, the other ends with it. */
  private static final float TOLERANCE = 1e-5f;

  private final Arena arena = Arena.ofShared();
  private final AddBias addBias = AddBias.of(KernelMode.VECTOR);
  private final UnaryKernel relu = Activations.RELU.forward(KernelMode.VECTOR);
  private long x;
  private long weights;
  private long bias;
  private long y;
  private long scratch;
  private GemmKernel fused;
  private GemmKernel product;

  /** Fills the operands and checks that both ways give the same. */
  @Setup(Level.Trial)
  public void setUp() {
    x = Operands.random(arena, (long) ROWS * FEATURES, 1);
    weights = Operands.random(arena, (long) FEATURES * OUTPUTS, 2);
    bias = Operands.random(arena, OUTPUTS, 3);
    y = Operands.random(arena, (long) ROWS * OUTPUTS, 4);
    fused = prepare(Epilogue.forward(true, Activations.RELU));
    product = prepare(Epilogue.NONE);
    scratch =
        arena.allocate(Math.max(fused.scratchBytes(), product.scratchBytes()) + 64, 64).address();
    final float[] expected = new float[ROWS * OUTPUTS];
    passes();
    for (int i = 0; i < expected.length; i++) {
      expected[i] = OffHeap.getFloat(y + (long) i * Float.BYTES);
    }
    fused();
    for (int i = 0; i < expected.length; i++) {
      final float actual = OffHeap.getFloat(y + (long) i * Float.BYTES);
      if (!(Math.abs(actual - expected[i]) <= TOLERANCE)) {
        throw new IllegalStateException(
            "output " + i + ": expected=" + expected[i] + ", actual=" + actual);
      }
    }
    final double floats = (double) ROWS * FEATURES + (FEATURES + 1) * OUTPUTS + ROWS * OUTPUTS;
    Work.tell(
        new Work(
            2.0 * ROWS * OUTPUTS * FEATURES,
            Work.Bytes.read(floats * Float.BYTES),
            ROWS,
            floats * Float.BYTES));
    Steady.run(this::fused);
    Steady.run(this::passes);
  }

  private static GemmKernel prepare(final Epilogue epilogue) {
    final GemmSelector.Choice choice = GemmSelector.select("java", KernelMode.VECTOR);
    return choice
        .provider()
        .prepare(
            GemmSpec.dense(ROWS, OUTPUTS, FEATURES, false, false, 0f, epilogue), 1, choice.mode());
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }

  @Benchmark
  public void fused() {
    run(fused);
  }

  /** The baseline. */
  @Benchmark
  public void passes() {
    run(product);
    addBias.run(y, bias, y, ROWS, OUTPUTS);
    relu.run(y, y, (long) ROWS * OUTPUTS);
  }

  private void run(final GemmKernel kernel) {
    kernel.run(0, ROWS, OUTPUTS, FEATURES, x, weights, y, bias, scratch);
  }
}
