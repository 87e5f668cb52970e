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
@Measurement(iterations = 300, time = 10, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC"})
public class FmaPeakBench {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 10;
  private static final int FLOPS = CHAINS * 2 * 16 * 4096;
  private static final int ITERATIONS = FLOPS / (CHAINS * 2 * S.length());

  /** Of which no sum here needs more bits than a float has. */
  public float left = 0.5f;

  public float right = 0.5f;

  /**
   * Each chain adds {@code left * right} over and over to what it starts with, 0 to 9. With the sum
   * as an operand that is overwritten there is nothing to move: 172 GFLOP/s where chains of {@code
   * a * factor + summand} had 158.
   */
  @Setup
  public void verify() {
    final float expected = 45 + CHAINS * 0.25f * ITERATIONS;
    if (fma() != expected) {
      throw new IllegalStateException(
          "sum of the chains: expected=" + expected + ", actual=" + fma());
    }
    Steady.run(this::fma);
  }

  @Benchmark
  @OperationsPerInvocation(FLOPS)
  public float fma() {
    final FloatVector l = FloatVector.broadcast(S, left);
    final FloatVector r = FloatVector.broadcast(S, right);
    FloatVector a0 = FloatVector.broadcast(S, 0f);
    FloatVector a1 = FloatVector.broadcast(S, 1f);
    FloatVector a2 = FloatVector.broadcast(S, 2f);
    FloatVector a3 = FloatVector.broadcast(S, 3f);
    FloatVector a4 = FloatVector.broadcast(S, 4f);
    FloatVector a5 = FloatVector.broadcast(S, 5f);
    FloatVector a6 = FloatVector.broadcast(S, 6f);
    FloatVector a7 = FloatVector.broadcast(S, 7f);
    FloatVector a8 = FloatVector.broadcast(S, 8f);
    FloatVector a9 = FloatVector.broadcast(S, 9f);
    for (int i = 0; i < ITERATIONS; i++) {
      a0 = l.fma(r, a0);
      a1 = l.fma(r, a1);
      a2 = l.fma(r, a2);
      a3 = l.fma(r, a3);
      a4 = l.fma(r, a4);
      a5 = l.fma(r, a5);
      a6 = l.fma(r, a6);
      a7 = l.fma(r, a7);
      a8 = l.fma(r, a8);
      a9 = l.fma(r, a9);
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
