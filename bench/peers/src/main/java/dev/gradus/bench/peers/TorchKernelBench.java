package dev.gradus.bench.peers;

import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Softmax;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.nn.Activations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A kernel of libtorch over resident tensors, in the form that writes into one that is there, so
 * that no memory is asked for: what {@code dev.gradus.bench.kernel.KernelBench} does with Gradus'.
 * Its softmax, too, is of rows of 1024.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class TorchKernelBench {
  /** What there is of it. */
  static final List<String> KERNELS =
      List.of(
          "relu",
          "sigmoid",
          "tanh",
          "gelu",
          "silu",
          "mish",
          "softplus",
          "elu",
          "leaky_relu",
          "softmax");

  private static final int COLUMNS = 1024;

  /** Of values up to 2 in magnitude; polynomials of either side are good to a few ulp. */
  private static final double TOLERANCE = 1e-5;

  @Param({"relu"})
  public String kernel;

  @Param({"16384", "16777216"})
  public int elements;

  @Param({"1"})
  public int threads;

  private Tensor from;
  private Tensor to;

  /** Runs it, and holds its outputs against those of Gradus. */
  @Setup(Level.Trial)
  public void setUp() {
    TorchModel.load("openblas", threads);
    final float[] values = new float[elements];
    final SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < elements; i++) {
      values[i] = (float) random.nextDouble(-2, 2);
    }
    from = Tensor.create(values, elements / COLUMNS, COLUMNS);
    to = Tensor.create(new float[elements], elements / COLUMNS, COLUMNS);
    run();
    final float[] actual = new float[elements];
    to.data_ptr_float().get(actual);
    final float[] expected = gradus(values);
    for (int i = 0; i < elements; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE)) {
        throw new IllegalStateException(
            kernel + " at " + i + ": expected=" + expected[i] + ", actual=" + actual[i]);
      }
    }
  }

  private float[] gradus(final float[] values) {
    final long bytes = (long) elements * Float.BYTES;
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment x = arena.allocate(bytes, 64);
      final MemorySegment y = arena.allocate(bytes, 64);
      MemorySegment.copy(values, 0, x, ValueLayout.JAVA_FLOAT, 0, elements);
      if (kernel.equals("softmax")) {
        Softmax.of(KernelMode.VECTOR).run(x.address(), y.address(), elements / COLUMNS, COLUMNS);
      } else {
        final UnaryKernel forward = Activations.byName(kernel).forward(KernelMode.VECTOR);
        forward.run(x.address(), y.address(), elements);
      }
      return y.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** One pass. */
  @Benchmark
  public void run() {
    try (InferenceMode _ = new InferenceMode(true)) {
      switch (kernel) {
        case "relu" -> torch.relu_out(to, from);
        case "sigmoid" -> torch.sigmoid_out(to, from);
        case "tanh" -> torch.tanh_out(to, from);
        case "gelu" -> torch.gelu_out(to, from);
        case "silu" -> torch.silu_out(to, from);
        case "mish" -> torch.mish_out(to, from);
        case "softplus" -> torch.softplus_out(to, from);
        case "elu" -> torch.elu_out(to, from);
        case "leaky_relu" -> torch.leaky_relu_out(to, from);
        case "softmax" -> torch.softmax_out(to, from, 1);
        default -> throw new IllegalStateException("no kernel " + kernel);
      }
    }
  }
}
