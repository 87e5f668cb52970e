package dev.gradus.bench.data;

import dev.gradus.bench.work.Work;
import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Split;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
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

/** The next batch of a shuffled data set of 784 features, copied to where a plan reads it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
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
public class BatchBench {
  private static final int FEATURES = 784;

  @Param({"1", "64", "1024"})
  public int batch;

  @Param({"16384"})
  public int rows;

  private final MemoryAccount account = new MemoryAccount();
  private Dataset data;
  private Dataset room;
  private Batches batches;
  private int epoch;

  /** Numbers the rows and checks that an epoch brings each once. */
  @Setup(Level.Trial)
  public void setUp() {
    data = Dataset.classification(account, Shape.batched(FEATURES), rows);
    room = data.like(account, batch);
    for (int row = 0; row < rows; row++) {
      data.features().set((long) row * FEATURES, row);
      data.targets().setInt(row, row);
    }
    batches = new Batches(data, Split.all(rows), batch, 1, true, false);
    batches.startEpoch(1);
    final boolean[] seen = new boolean[rows];
    int count = batches.next(room.features(), room.targets());
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        final int row = room.targets().getInt(i);
        if (seen[row] || room.features().get((long) i * FEATURES) != row) {
          throw new IllegalStateException("row " + row + " came twice, or with another's target");
        }
        seen[row] = true;
      }
      count = batches.next(room.features(), room.targets());
    }
    Work.tell(
        new Work(
            0,
            // Out of the set; the batch itself stays in cache.
            Work.Bytes.read((double) batch * (FEATURES + 1) * Float.BYTES),
            batch,
            data.features().type().bytes(rows)));
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    data.close();
    room.close();
  }

  /** Shuffling included, once an epoch. */
  @Benchmark
  public int next() {
    int count = batches.next(room.features(), room.targets());
    if (count == 0) {
      batches.startEpoch(++epoch);
      count = batches.next(room.features(), room.targets());
    }
    return count;
  }
}
