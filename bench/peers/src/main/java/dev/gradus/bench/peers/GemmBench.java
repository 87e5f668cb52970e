package dev.gradus.bench.peers;

import dev.gradus.bench.work.Steady;
import dev.gradus.bench.work.Work;
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

/** One product of resident matrices, {@link GemmTask}. */
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
      "--sun-misc-unsafe-memory-access=allow",
      "-XX:+UseSerialGC"
    })
public class GemmBench {
  @Param({"gradus-java", "gradus-openblas"})
  public String contender;

  @Param({"1"})
  public int threads;

  @Param({
    "64x64x64",
    "256x256x256",
    "1024x1024x1024",
    "64x256x784",
    "784x256x64 TN",
    "64x784x256 NT",
    "64x10x256",
    "1x256x784"
  })
  public String shape;

  private GemmCall call;

  /** Sets up, and checks the product exactly. */
  @Setup(Level.Trial)
  public void setUp() {
    final GemmTask task = GemmTask.of(shape);
    call = GemmContender.of(contender).prepare(task, threads);
    call.multiply();
    task.verify(call.result());
    Work.tell(new Work(task.flops(), Work.Bytes.NONE, 0, 0));
    Steady.often(call::multiply);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    call.close();
  }

  @Benchmark
  public void multiply() {
    call.multiply();
  }
}
