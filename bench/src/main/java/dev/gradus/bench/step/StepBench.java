package dev.gradus.bench.step;

import dev.gradus.bench.work.Steady;
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
 * One training step on a resident batch: forward, loss, backward, update. Models are those of
 * {@link dev.gradus.bench.work.Models}, or a model file.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
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
public class StepBench {
  private static final int CHECKED_STEPS = 30;

  /** So small that the numbers stay in the same range over hours of steps. */
  private static final double TIMED_RATE = 1e-6;

  @Param({"java", "openblas"})
  public String backend;

  @Param({"1"})
  public int threads;

  @Param({"mlp"})
  public String model;

  @Param({"1", "64", "256", "1024"})
  public int batch;

  @Param({"sgd", "adam"})
  public String optimizer;

  private Workload workload;
  private TrainPlan plan;

  /** Compiles the plan and checks that it learns its one batch. */
  @Setup(Level.Trial)
  public void setUp() {
    workload = Workload.open(model, batch, backend, threads);
    plan = workload.training(optimizer);
    final float first = plan.step(batch);
    float last = first;
    for (int i = 0; i < CHECKED_STEPS; i++) {
      last = plan.step(batch);
    }
    if (!(last < first)) {
      throw new IllegalStateException("loss did not fall: first=" + first + ", last=" + last);
    }
    plan.learningRate(TIMED_RATE);
    Work.tell(workload.work(plan.report()));
    Steady.run(this::step);
    Steady.often(this::step);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    plan.close();
    workload.close();
  }

  @Benchmark
  public float step() {
    return plan.step(batch);
  }
}
