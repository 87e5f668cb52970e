package dev.gradus.bench.gemm;

import dev.gradus.bench.work.Steady;
import dev.gradus.bench.work.Work;
import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmReference;
import dev.gradus.gemm.GemmSelector;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.gemm.JavaGemm;
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
 * One product on a backend's tasks, as a plan runs it, beside the same in scalar Java. Shapes are
 * {@code MxNxK}, with {@code A} or {@code B} behind where that factor is transposed; 2MNK
 * operations each.
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
public class GemmBench {
  @Param({"java", "openblas"})
  public String backend;

  @Param({"1"})
  public int threads;

  @Param({
    "16x16x16", "32x32x32", "64x64x64", "128x128x128", "256x256x256", "512x512x512",
    "1024x1024x1024", "2048x2048x2048", "64x256x784", "784x256x64A", "64x784x256B", "64x10x256",
    "256x10x64A", "64x256x10B", "1x256x784", "1x10x256", "784x256x1A", "8x128x128",
    "256x1024x1024"
  })
  public String shape;

  private final Arena arena = Arena.ofShared();
  private WorkerTeam team;
  private Run product;
  private Run scalar;

  /** Prepares the product on both, and checks both. */
  @Setup(Level.Trial)
  public void setUp() {
    final boolean transposeA = shape.endsWith("A");
    final boolean transposeB = shape.endsWith("B");
    final String[] sizes = shape.replaceAll("[AB]$", "").split("x", 3);
    final int m = Integer.parseInt(sizes[0]);
    final int n = Integer.parseInt(sizes[1]);
    final int k = Integer.parseInt(sizes[2]);
    final GemmSpec spec = GemmSpec.dense(m, n, k, transposeA, transposeB, 0f, Epilogue.NONE);
    final GemmSelector.Choice choice = GemmSelector.select(backend, KernelMode.VECTOR);
    team = WorkerTeam.open(threads);
    final long a = Operands.random(arena, (long) m * k, 1);
    final long b = Operands.random(arena, (long) k * n, 2);
    final long c = arena.allocate((long) m * n * Float.BYTES, 64).address();
    product = run(spec, choice.provider().prepare(spec, threads, choice.mode()), a, b, c);
    scalar = run(spec, new JavaGemm().prepare(spec, threads, KernelMode.SCALAR), a, b, c);
    verify(spec, product);
    verify(spec, scalar);
    final double floats = (double) m * k + (double) k * n + (double) m * n;
    Work.tell(
        new Work(2.0 * m * n * k, Work.Bytes.read(floats * Float.BYTES), 0, floats * Float.BYTES));
    Steady.run(this::product);
  }

  private Run run(
      final GemmSpec spec, final GemmKernel kernel, final long a, final long b, final long c) {
    final long scratchStride = (kernel.scratchBytes() + 63) & -64;
    final long scratch = arena.allocate(scratchStride * threads + 64, 64).address();
    return new Run(spec, kernel, a, b, c, scratch, scratchStride);
  }

  /** Checks the first rows: all of the largest product would take double precision minutes. */
  private void verify(final GemmSpec spec, final Run run) {
    run.on(team);
    final int rows = Math.min(spec.m(), 8);
    final GemmReference reference =
        new GemmReference(spec, rows, spec.n(), spec.k(), run.a(), run.b(), run.c(), 0);
    for (int i = 0; i < rows * spec.n(); i++) {
      final float actual = OffHeap.getFloat(run.c() + (long) i * Float.BYTES);
      if (!reference.accepts(i, actual)) {
        throw new IllegalStateException(
            run.kernel().description()
                + " "
                + shape
                + ": expected="
                + reference.value(i)
                + ", actual="
                + actual);
      }
    }
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    team.close();
    arena.close();
  }

  @Benchmark
  public void product() {
    product.on(team);
  }

  /** The baseline. */
  @Benchmark
  public void scalar() {
    scalar.on(team);
  }

  private record Run(
      GemmSpec spec, GemmKernel kernel, long a, long b, long c, long scratch, long scratchStride)
      implements ParallelTask {
    void on(final WorkerTeam team) {
      team.run(this, kernel.tasks(spec.m(), spec.n(), spec.k()));
    }

    @Override
    public void runChunk(final int task, final int worker) {
      final long own = scratch + worker * scratchStride;
      kernel.runTask(task, worker, spec.m(), spec.n(), spec.k(), a, b, c, 0, own);
    }
  }
}
