package dev.gradus.bench.kernel;

import dev.gradus.bench.work.Steady;
import dev.gradus.bench.work.Work;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.OffHeap;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One kernel over resident buffers, cut among the threads at whole rows of {@value Loops#COLUMNS}.
 * Elements are of one buffer; {@link Loops} tells how many buffers each kernel has.
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
public class KernelBench {
  @Param({
    "relu",
    "relu-gradient",
    "leaky_relu(0.1)",
    "sigmoid",
    "tanh",
    "gelu",
    "silu",
    "add",
    "sum",
    "softmax",
    "cross-entropy",
    "standardize",
    "layer-norm",
    "batch-norm",
    "max-pool",
    "average-pool",
    "sgd",
    "momentum",
    "adam",
    "adamw"
  })
  public String kernel;

  @Param({"16384", "1048576", "16777216"})
  public long elements;

  @Param({"1"})
  public int threads;

  private final Arena arena = Arena.ofShared();
  private WorkerTeam team;
  private Task task;

  /** Checks that the vector form gives the bits of the scalar form. */
  @Setup(Level.Trial)
  public void setUp() {
    team = WorkerTeam.open(threads);
    final Loops vector = Loops.of(kernel, KernelMode.VECTOR);
    final Loops scalar = Loops.of(kernel, KernelMode.SCALAR);
    final long bytes = elements * Float.BYTES;
    final long buffers = arena.allocate(bytes * Loops.BUFFERS, 64).address();
    Loops.fill(buffers, elements);
    task = new Task(vector, buffers, elements, threads);
    final int checked = (int) Math.min(elements, 1 << 16);
    try (Arena copy = Arena.ofConfined()) {
      // The same addresses apart from each other, so that a short check sees what a long run does.
      final long expected =
          copy.allocate(Loops.BUFFERS * (long) checked * Float.BYTES, 64).address();
      final long actual = copy.allocate(Loops.BUFFERS * (long) checked * Float.BYTES, 64).address();
      for (int b = 0; b < Loops.BUFFERS; b++) {
        final long part = (long) checked * Float.BYTES;
        OffHeap.copy(buffers + b * bytes, expected + b * part, part);
        OffHeap.copy(buffers + b * bytes, actual + b * part, part);
      }
      scalar.run(expected, checked, 0, checked);
      vector.run(actual, checked, 0, checked);
      for (long o = 0; o < Loops.BUFFERS * (long) checked * Float.BYTES; o += Float.BYTES) {
        if (OffHeap.getInt(expected + o) != OffHeap.getInt(actual + o)) {
          throw new IllegalStateException(
              kernel
                  + " at byte "
                  + o
                  + ": expected="
                  + OffHeap.getFloat(expected + o)
                  + ", actual="
                  + OffHeap.getFloat(actual + o));
        }
      }
    }
    Work.tell(
        new Work(
            (double) vector.flops() * elements,
            vector.bytes(elements),
            0,
            vector.footprint(elements)));
    Steady.run(this::run);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    team.close();
    arena.close();
  }

  @Benchmark
  public void run() {
    team.run(task, threads);
  }

  private record Task(Loops loops, long buffers, long elements, int chunks)
      implements ParallelTask {
    @Override
    public void runChunk(final int chunk, final int worker) {
      final long rows = elements / Loops.COLUMNS;
      final long from = rows * chunk / chunks * Loops.COLUMNS;
      final long to = rows * (chunk + 1) / chunks * Loops.COLUMNS;
      loops.run(buffers, elements, from, to - from);
    }
  }
}
