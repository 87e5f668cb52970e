package dev.gradus.bench.step;

import dev.gradus.bench.work.Work;
import dev.gradus.bench.work.Workload;
import dev.gradus.plan.TrainPlan;
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
 * The warm-up of a training plan in a JVM that has run none: from the call until it returns, which
 * it does once steps run at their final speed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(
    value = 5,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class WarmUpBench {
  @Param({"java", "openblas"})
  public String backend;

  @Param({"1"})
  public int threads;

  @Param({"mlp"})
  public String model;

  @Param({"64"})
  public int batch;

  private Workload workload;
  private TrainPlan plan;
  private String weights;

  @Setup(Level.Trial)
  public void setUp() {
    workload = Workload.open(model, batch, backend, threads);
    plan = workload.training("sgd");
    weights = workload.parameters().sha256();
    Work.tell(new Work(0, Work.Bytes.NONE, batch, plan.report().totalBytes()));
  }

  /** Checks that weights are as they were, and closes. */
  @TearDown(Level.Trial)
  public void tearDown() {
    final String now = workload.parameters().sha256();
    plan.close();
    workload.close();
    if (!now.equals(weights)) {
      throw new IllegalStateException("weights mismatch: expected=" + weights + ", actual=" + now);
    }
  }

  @Benchmark
  public void warmUp() {
    plan.warmUp(batch);
  }
}
