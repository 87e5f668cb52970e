package dev.gradus.bench.limits;

import dev.gradus.bench.work.Steady;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Bandwidth of memory at the level of cache that {@code footprint} bytes end up in: reading them
 * all, copying one half to the other, and updating all in place. Bytes read and bytes written both
 * count. Each goes through four stretches side by side, which memory serves faster than one. With
 * JMH's threads ({@code -t}) each has buffers of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 150, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 50, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC",
      // Compiled in the background, read's vectors stayed objects in every third JVM, 50 times
      // slower.
      "-XX:-BackgroundCompilation"
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

  /** Fills the buffer with ones and checks all loops. */
  @Setup(Level.Trial)
  public void setUp(final BenchmarkParams benchmark) {
    from = arena.allocate(footprint, 64).address();
    for (long o = 0; o < footprint; o += Float.BYTES) {
      OffHeap.setFloat(from + o, o < footprint / 2 ? 1f : 0f);
    }
    copy();
    update();
    for (long o = footprint / 8; o <= footprint; o += footprint / 8) {
      if (OffHeap.getFloat(from + o - Float.BYTES) != -1f) {
        throw new IllegalStateException("bytes up to " + o + " were not copied and updated");
      }
    }
    update();
    final float sum = read();
    final long elements = footprint / Float.BYTES;
    if (sum != elements) {
      throw new IllegalStateException("sum of ones: expected=" + elements + ", actual=" + sum);
    }
    final String name = benchmark.getBenchmark();
    switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "read" -> tell(Work.Bytes.read((double) footprint), this::read);
      case "copy" -> tell(new Work.Bytes(footprint / 2.0, footprint / 2.0, 0), this::copy);
      case "update" -> tell(new Work.Bytes(0, 0, (double) footprint), this::update);
      default -> throw new IllegalStateException(name);
    }
  }

  private void tell(final Work.Bytes bytes, final Runnable operation) {
    Work.tell(new Work(0, bytes, 0, footprint));
    Steady.run(operation);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }

  /** Eight chains of sums, which keep up with any memory. */
  @Benchmark
  public float read() {
    final long quarter = footprint / 4;
    FloatVector a = FloatVector.zero(S);
    FloatVector b = FloatVector.zero(S);
    FloatVector c = FloatVector.zero(S);
    FloatVector d = FloatVector.zero(S);
    FloatVector e = FloatVector.zero(S);
    FloatVector f = FloatVector.zero(S);
    FloatVector g = FloatVector.zero(S);
    FloatVector h = FloatVector.zero(S);
    for (long o = from; o < from + quarter; o += 2 * VECTOR) {
      final long p = o + quarter;
      final long q = p + quarter;
      final long r = q + quarter;
      a = a.add(FloatVector.fromMemorySegment(S, ALL, o, ORDER));
      b = b.add(FloatVector.fromMemorySegment(S, ALL, o + VECTOR, ORDER));
      c = c.add(FloatVector.fromMemorySegment(S, ALL, p, ORDER));
      d = d.add(FloatVector.fromMemorySegment(S, ALL, p + VECTOR, ORDER));
      e = e.add(FloatVector.fromMemorySegment(S, ALL, q, ORDER));
      f = f.add(FloatVector.fromMemorySegment(S, ALL, q + VECTOR, ORDER));
      g = g.add(FloatVector.fromMemorySegment(S, ALL, r, ORDER));
      h = h.add(FloatVector.fromMemorySegment(S, ALL, r + VECTOR, ORDER));
    }
    final FloatVector sum = a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h)));
    return sum.reduceLanes(VectorOperators.ADD);
  }

  @Benchmark
  public void copy() {
    final long half = footprint / 2;
    final long stretch = footprint / 8;
    for (long o = from; o < from + stretch; o += VECTOR) {
      final long p = o + stretch;
      final long q = p + stretch;
      final long r = q + stretch;
      FloatVector.fromMemorySegment(S, ALL, o, ORDER).intoMemorySegment(ALL, o + half, ORDER);
      FloatVector.fromMemorySegment(S, ALL, p, ORDER).intoMemorySegment(ALL, p + half, ORDER);
      FloatVector.fromMemorySegment(S, ALL, q, ORDER).intoMemorySegment(ALL, q + half, ORDER);
      FloatVector.fromMemorySegment(S, ALL, r, ORDER).intoMemorySegment(ALL, r + half, ORDER);
    }
  }

  /** Turns each sign. */
  @Benchmark
  public void update() {
    final long quarter = footprint / 4;
    for (long o = from; o < from + quarter; o += VECTOR) {
      final long p = o + quarter;
      final long q = p + quarter;
      final long r = q + quarter;
      FloatVector.fromMemorySegment(S, ALL, o, ORDER).neg().intoMemorySegment(ALL, o, ORDER);
      FloatVector.fromMemorySegment(S, ALL, p, ORDER).neg().intoMemorySegment(ALL, p, ORDER);
      FloatVector.fromMemorySegment(S, ALL, q, ORDER).neg().intoMemorySegment(ALL, q, ORDER);
      FloatVector.fromMemorySegment(S, ALL, r, ORDER).neg().intoMemorySegment(ALL, r, ORDER);
    }
  }
}
