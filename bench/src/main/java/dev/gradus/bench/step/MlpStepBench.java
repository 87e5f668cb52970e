package dev.gradus.bench.step;

import dev.gradus.loss.Losses;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Optimizers;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.SplittableRandom;
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

/** One training step of the MLP 784-256-10 on a resident batch: forward, loss, backward, update. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.SampleTime})
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
public class MlpStepBench {
  private static final int IN = 784;
  private static final int CLASSES = 10;

  @Param({"java", "openblas"})
  public String backend;

  @Param({"1"})
  public int threads;

  @Param({"1", "64", "256", "1024"})
  public int batch;

  @Param({"sgd", "adam"})
  public String optimizer;

  private Engine engine;
  private Parameters parameters;
  private TrainPlan plan;

  /** Compiles the plan and checks that it learns its one batch. */
  @Setup(Level.Trial)
  public void setUp() {
    final Network network = Network.mlp(Activations.RELU, IN, 256, CLASSES);
    engine = Engine.open(new EngineOptions(threads, backend));
    parameters = Parameters.initialise(engine, network, 1);
    plan =
        TrainPlan.compile(
            engine,
            network,
            parameters,
            Losses.softmaxCrossEntropy(),
            Optimizers.byName(optimizer, 1e-3),
            new PlanOptions(batch));
    final SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < batch * IN; i++) {
      plan.input().set(i, (float) random.nextDouble());
    }
    for (int i = 0; i < batch; i++) {
      plan.target().setInt(i, random.nextInt(CLASSES));
    }
    final float first = plan.step(batch);
    float last = first;
    for (int i = 0; i < 50; i++) {
      last = plan.step(batch);
    }
    if (!(last < first)) {
      throw new IllegalStateException("loss did not fall: first=" + first + ", last=" + last);
    }
    plan.learningRate(1e-6); // so that hours of steps stay in the same range of numbers
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    plan.close();
    parameters.close();
    engine.close();
  }

  @Benchmark
  public float step() {
    return plan.step(batch);
  }
}
