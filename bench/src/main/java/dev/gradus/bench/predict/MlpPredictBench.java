package dev.gradus.bench.predict;

import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
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

/** One prediction of the MLP 784-256-10, from a float array to logits. */
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
public class MlpPredictBench {
  private static final int IN = 784;

  @Param({"java", "openblas"})
  public String backend;

  @Param({"1"})
  public int threads;

  @Param({"1", "64"})
  public int batch;

  private Engine engine;
  private Parameters parameters;
  private PredictPlan plan;
  private float[] features;

  /** Compiles the plan and checks that the outputs are finite and not all the same. */
  @Setup(Level.Trial)
  public void setUp() {
    final Network network = Network.mlp(Activations.RELU, IN, 256, 10);
    engine = Engine.open(new EngineOptions(threads, backend));
    parameters = Parameters.initialise(engine, network, 1);
    plan = PredictPlan.compile(engine, network, parameters, new PlanOptions(batch));
    final SplittableRandom random = new SplittableRandom(1);
    features = new float[batch * IN];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextDouble();
    }
    predict();
    if (!Float.isFinite(plan.output().get(0)) || plan.output().get(0) == plan.output().get(1)) {
      throw new IllegalStateException("outputs are not those of a network");
    }
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    plan.close();
    parameters.close();
    engine.close();
  }

  /** With the hand-over of the features, as a service would. */
  @Benchmark
  public float predict() {
    plan.input().copyFrom(features);
    plan.run(batch);
    return plan.output().get(0);
  }
}
