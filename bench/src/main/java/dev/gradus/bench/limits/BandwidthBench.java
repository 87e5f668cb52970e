package dev.gradus.bench.limits;

import dev.gradus.bench.work.Work;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
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
 * Bandwidth of memory at the level of cache that {@code footprint} bytes end up in: reading them
 * all, and copying one half to the other. Bytes read and bytes written both count. With JMH's
 * threads ({@code -t}) each has buffers of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class BandwidthBench {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long VECTOR = S.vectorByteSize();

  @Param({"32768", "524288", "8388608", "268435456"})
  public long footprint;

  private final Arena arena = Arena.ofShared();
  private long from;

  /** Fills the buffer with ones and checks both loops. */
  @Setup(Level.Trial)
  public void setUp() {
    from = arena.allocate(footprint, 64).address();
    for (long o = 0; o < footprint; o += Float.BYTES) {
      OffHeap.setFloat(from + o, o < footprint / 2 ? 1f : 0f);
    }
    copy();
    final float sum = read();
    final long elements = footprint / Float.BYTES;
    if (sum != elements) {
      throw new IllegalStateException("sum of ones: expected=" + elements + ", actual=" + sum);
    }
    if (OffHeap.getFloat(from + footprint - Float.BYTES) != 1f) {
      throw new IllegalStateException("the last element was not copied");
    }
    Work.tell(new Work(0, footprint, 0, footprint));
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }

  /** Eight chains of sums, which keep up with any memory. */
  @Benchmark
  public float read() {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (long o = from; o < from + footprint; o += 8 * VECTOR) {
      a = a.add(FloatVector.fromMemorySegment(S, ALL, o, ORDER));
      b = b.add(FloatVector.fromMemorySegment(S, ALL, o + VECTOR, ORDER));
      c = c.add(FloatVector.fromMemorySegment(S, ALL, o + 2 * VECTOR, ORDER));
      d = d.add(FloatVector.fromMemorySegment(S, ALL, o + 3 * VECTOR, ORDER));
      e = e.add(FloatVector.fromMemorySegment(S, ALL, o + 4 * VECTOR, ORDER));
      f = f.add(FloatVector.fromMemorySegment(S, ALL, o + 5 * VECTOR, ORDER));
      g = g.add(FloatVector.fromMemorySegment(S, ALL, o + 6 * VECTOR, ORDER));
      h = h.add(FloatVector.fromMemorySegment(S, ALL, o + 7 * VECTOR, ORDER));
    }
    final FloatVector sum = a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h)));
    return sum.reduceLanes(VectorOperators.ADD);
  }

  @Benchmark
  public void copy() {
    final long half = footprint / 2;
    for (long o = from; o < from + half; o += VECTOR) {
      FloatVector.fromMemorySegment(S, ALL, o, ORDER).intoMemorySegment(ALL, o + half, ORDER);
    }
  }
}
