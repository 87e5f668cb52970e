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

/** One training step of {@link ModelTask}: forward, loss, backward, update; the loss is read. */
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
public class TrainingStepBench {
  private static final int CHECKED_STEPS = 5;

  /** Relative; between formulations of Adam that put epsilon elsewhere 4e-5 was seen. */
  private static final double TOLERANCE = 1e-3;

  @Param({"gradus-java", "gradus-openblas"})
  public String contender;

  @Param({"1"})
  public int threads;

  @Param({"mlp"})
  public String model;

  @Param({"1", "64", "256", "1024"})
  public int batch;

  @Param({"sgd", "adam"})
  public String optimizer;

  private Training training;

  /**
   * Sets up, and holds the losses of the first steps against double precision where all layers are
   * dense, else against Gradus, which tests hold against it.
   */
  @Setup(Level.Trial)
  public void setUp() {
    final ModelTask task = new ModelTask(model, optimizer, batch);
    final double[] expected = expected(task);
    training = ModelContender.of(contender).training(task, threads);
    for (int i = 0; i < CHECKED_STEPS; i++) {
      final float actual = training.step();
      if (!(Math.abs(actual - expected[i]) <= TOLERANCE * expected[i])) {
        throw new IllegalStateException(
            "loss of step " + i + ": expected=" + expected[i] + ", actual=" + actual);
      }
    }
    training.learningRate(ModelTask.TIMED_RATE);
    Work.tell(new Work(GradusModel.flops(task), Work.Bytes.NONE, batch, 0));
    Steady.often(this::step);
  }

  private static double[] expected(final ModelTask task) {
    final double[] losses = new double[CHECKED_STEPS];
    if (task.dense()) {
      final ReferenceMlp reference = new ReferenceMlp(task);
      for (int i = 0; i < losses.length; i++) {
        losses[i] = reference.step();
      }
      return losses;
    }
    try (Training gradus = GradusModel.training(task, "java", 1)) {
      for (int i = 0; i < losses.length; i++) {
        losses[i] = gradus.step();
      }
    }
    return losses;
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    training.close();
  }

  @Benchmark
  public float step() {
    return training.step();
  }
}
