package dev.gradus.bench.predict;

import dev.gradus.bench.work.Steady;
import dev.gradus.bench.work.Work;
import dev.gradus.bench.work.Workload;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.PredictPlan;
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
 * One prediction, from an array of features to an array of outputs. Models are those of {@link
 * dev.gradus.bench.work.Models} that take float inputs, or a model file.
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
public class PredictBench {
  @Param({"java", "openblas"})
  public String backend;

  @Param({"1"})
  public int threads;

  @Param({"mlp"})
  public String model;

  @Param({"1", "64"})
  public int batch;

  private Workload workload;
  private PredictPlan plan;
  private float[] features;
  private float[] outputs;

  /** Compiles the plan and checks that the outputs are finite and follow the inputs. */
  @Setup(Level.Trial)
  public void setUp() {
    workload = Workload.open(model, batch, backend, threads);
    plan = workload.prediction();
    features = plan.input().toFloatArray();
    outputs = plan.output().toFloatArray();
    predict();
    final float before = outputs[0];
    features[0] += 1f;
    predict();
    if (!Float.isFinite(before) || outputs[0] == before) {
      throw GradusException.mismatch(
          "outputs of " + model, "finite ones that follow the inputs", before + ", " + outputs[0]);
    }
    Work.tell(workload.work(plan.report()));
    Steady.run(this::predict);
    Steady.often(this::predict);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    plan.close();
    workload.close();
  }

  /** With the hand-over of features and outputs, as a service would. */
  @Benchmark
  public float predict() {
    plan.input().copyFrom(features);
    plan.run(batch);
    plan.output().copyTo(outputs);
    return outputs[0];
  }
}
