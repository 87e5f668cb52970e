package dev.gradus.bench.limits;

import dev.gradus.bench.work.Steady;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The peak of float32 multiply-adds: as many independent chains as hide the latency of two units,
 * all in registers. An operation is one floating-point operation, so that the score is in GFLOP/s;
 * JMH's threads ({@code -t}) add up.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 30, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC"})
public class FmaPeakBench {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 10;
  private static final int FLOPS = CHAINS * 2 * 16 * 4096;
  private static final int ITERATIONS = FLOPS / (CHAINS * 2 * S.length());

  /** So small that ten chains of it stay in range. */
  public float factor = 0.5f;

  public float summand = 1f;

  /** Each chain is {@code a = a * factor + summand}, whose fixed point is 2: ten of them, 20. */
  @Setup
  public void verify() {
    if (fma() != 20f) {
      throw new IllegalStateException("sum of the chains: expected=20, actual=" + fma());
    }
    Steady.run(this::fma);
  }

  @Benchmark
  @OperationsPerInvocation(FLOPS)
  public float fma() {
    final FloatVector f = FloatVector.broadcast(S, factor);
    final FloatVector s = FloatVector.broadcast(S, summand);
    FloatVector a0 = s;
    FloatVector a1 = f;
    FloatVector a2 = s.add(f);
    FloatVector a3 = s.sub(f);
    FloatVector a4 = s.mul(f);
    FloatVector a5 = s.neg();
    FloatVector a6 = f.neg();
    FloatVector a7 = s.add(s);
    FloatVector a8 = f.add(a7);
    FloatVector a9 = a8.add(s);
    for (int i = 0; i < ITERATIONS; i++) {
      a0 = a0.fma(f, s);
      a1 = a1.fma(f, s);
      a2 = a2.fma(f, s);
      a3 = a3.fma(f, s);
      a4 = a4.fma(f, s);
      a5 = a5.fma(f, s);
      a6 = a6.fma(f, s);
      a7 = a7.fma(f, s);
      a8 = a8.fma(f, s);
      a9 = a9.fma(f, s);
    }
    final FloatVector low = a0.add(a1).add(a2).add(a3).add(a4);
    final FloatVector high = a5.add(a6).add(a7).add(a8).add(a9);
    return low.add(high).lane(0);
  }

  /** The same as one operation of some microseconds, which can be sampled. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public float loop() {
    return fma();
  }
}
