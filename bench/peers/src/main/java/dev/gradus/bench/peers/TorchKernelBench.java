package dev.gradus.bench.peers;

import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
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
 * {@link TorchKernel} has them.
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
  /** The rate of the update that is checked, so great that a wrong one shows. */
  private static final float CHECKED_RATE = 1e-2f;

  private static final float TIMED_RATE = 1e-8f;

  /** Of the greatest output; polynomials and sums of either side are good to a few ulp. */
  private static final double TOLERANCE = 1e-5;

  @Param({"relu"})
  public String kernel;

  @Param({"16384", "16777216"})
  public int elements;

  @Param({"1"})
  public int threads;

  private Runnable pass;

  /** Runs it, and holds its outputs against those of Gradus. */
  @Setup(Level.Trial)
  public void setUp() {
    TorchModel.load("openblas", threads);
    try (KernelBuffers buffers = new KernelBuffers(elements)) {
      // Before ours runs: both begin with the same numbers.
      pass = TorchKernel.of(kernel, buffers, TIMED_RATE).pass();
      final TorchKernel checked = TorchKernel.of(kernel, buffers, CHECKED_RATE);
      checked.pass().run();
      buffers.run(kernel, CHECKED_RATE);
      for (final TorchKernel.Output output : checked.outputs()) {
        check(output, buffers);
      }
    }
  }

  private void check(final TorchKernel.Output output, final KernelBuffers buffers) {
    final float[] actual = new float[Math.toIntExact(output.tensor().numel())];
    output.tensor().data_ptr_float().get(actual);
    final float[] expected = new float[actual.length];
    buffers.read(output.buffer(), expected);
    double greatest = 0;
    for (final float value : expected) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE * greatest)) {
        throw new IllegalStateException(
            kernel + " at " + i + ": expected=" + expected[i] + ", actual=" + actual[i]);
      }
    }
  }

  /** One pass. */
  @Benchmark
  public void run() {
    try (PointerScope _ = new PointerScope();
        InferenceMode _ = new InferenceMode(true)) {
      pass.run();
    }
  }
}
