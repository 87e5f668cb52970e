package dev.gradus.bench.memory;

import dev.gradus.bench.work.Work;
import dev.gradus.loss.Losses;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.Arrays;
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
 * Compiling a training plan of many dense layers with Adam, and closing it. Its footprint, {@code
 * work.footprint} with the profiler of work, is what it takes off the heap, parameters included.
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
public class CompileBench {
  private static final int UNITS = 32;
  private static final int BATCH = 32;

  @Param({"java", "openblas"})
  public String backend;

  @Param({"1"})
  public int threads;

  @Param({"10", "100"})
  public int layers;

  private Engine engine;
  private Network network;
  private Parameters parameters;

  /** Compiles once and checks that a plan takes the memory it announced, and gives it back. */
  @Setup(Level.Trial)
  public void setUp() {
    engine = Engine.open(new EngineOptions(threads, backend));
    final int[] sizes = new int[layers + 1];
    Arrays.fill(sizes, UNITS);
    network = Network.mlp(Activations.RELU, sizes);
    parameters = Parameters.initialise(engine, network, 1);
    final long before = engine.account().openBytes();
    final TrainPlan plan = plan();
    final long taken = engine.account().openBytes() - before;
    final long announced = plan.report().planBytes();
    Work.tell(new Work(0, Work.Bytes.NONE, 0, plan.report().totalBytes()));
    plan.close();
    final long left = engine.account().openBytes() - before;
    if (taken != announced || left != 0) {
      throw new IllegalStateException(
          "bytes taken: expected=" + announced + ", actual=" + taken + ", left=" + left);
    }
  }

  private TrainPlan plan() {
    return TrainPlan.compile(
        engine,
        network,
        parameters,
        Losses.meanSquaredError(),
        new Adam(1e-3),
        new PlanOptions(BATCH));
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    parameters.close();
    engine.close();
  }

  @Benchmark
  public long compile() {
    final TrainPlan plan = plan();
    plan.close();
    return plan.report().planBytes();
  }
}
