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

/** One prediction with the network of {@link ModelTask}, from an array to an array. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
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
public class PredictionBench {
  /** Absolute; logits here are of magnitude 1. */
  private static final double TOLERANCE = 1e-4;

  @Param({"gradus-java", "gradus-openblas"})
  public String contender;

  @Param({"1"})
  public int threads;

  @Param({"1", "64"})
  public int batch;

  private ModelTask task;
  private Prediction prediction;
  private float[] logits;

  /** Sets up, and holds the logits against double precision. */
  @Setup(Level.Trial)
  public void setUp() {
    task = new ModelTask(ModelTask.MLP, "sgd", batch);
    prediction = ModelContender.of(contender).prediction(task, threads);
    logits = new float[batch * task.outputs];
    predict();
    final double[] expected = new ReferenceMlp(task).outputs();
    for (int i = 0; i < logits.length; i++) {
      if (!(Math.abs(logits[i] - expected[i]) <= TOLERANCE)) {
        throw new IllegalStateException(
            "logit " + i + ": expected=" + expected[i] + ", actual=" + logits[i]);
      }
    }
    final double flops = 2.0 * batch * 256 * (784 + 10);
    Work.tell(new Work(flops, Work.Bytes.NONE, batch, 0));
    Steady.often(this::predict);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    prediction.close();
  }

  @Benchmark
  public float predict() {
    prediction.predict(task.features, logits);
    return logits[0];
  }
}
