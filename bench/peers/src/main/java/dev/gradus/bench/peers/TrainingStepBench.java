package dev.gradus.bench.peers;

import dev.gradus.bench.work.Work;
import java.util.List;
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

/** One training step of {@link MlpTask}: forward, loss, backward, update; the loss is read. */
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

  @Param({"1", "64", "256", "1024"})
  public int batch;

  @Param({"sgd", "adam"})
  public String optimizer;

  private MlpTraining training;

  /** Sets up, and holds the losses of the first steps against double precision. */
  @Setup(Level.Trial)
  public void setUp() {
    final MlpTask task = new MlpTask(optimizer, batch);
    training = MlpContender.of(contender).training(task, threads);
    final ReferenceMlp reference = new ReferenceMlp(task);
    for (int i = 0; i < CHECKED_STEPS; i++) {
      final double expected = reference.step();
      final float actual = training.step();
      if (!(Math.abs(actual - expected) <= TOLERANCE * expected)) {
        throw new IllegalStateException(
            "loss of step " + i + ": expected=" + expected + ", actual=" + actual);
      }
    }
    training.learningRate(MlpTask.TIMED_RATE);
    Work.tell(new Work(Case.step(optimizer, batch, threads, List.of()).flops(), 0, batch, 0));
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
