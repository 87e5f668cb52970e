package dev.gradus.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmReference;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/**
 * Operands filled from a seed, off any alignment; gaps between rows and the words around are NaN
 * where nothing may read, canaries where nothing may write.
 */
final class Operands implements AutoCloseable {
  private static final float CANARY = -54321.5f;
  private static final int GUARD = 24;

  private final Arena arena = Arena.ofConfined();
  final GemmSpec spec;
  final int m;
  final int n;
  final int k;
  long a;
  long b;
  final long c;
  final long aux;

  Operands(final GemmSpec spec, final long seed) {
    this.spec = spec;
    this.m = spec.m();
    this.n = spec.n();
    this.k = spec.k();
    final SplittableRandom random = new SplittableRandom(seed);
    final boolean ta = spec.transposeA();
    final boolean tb = spec.transposeB();
    this.a = matrix(random, ta ? k : m, ta ? m : k, spec.lda(), Float.NaN);
    this.b = matrix(random, tb ? n : k, tb ? k : n, spec.ldb(), Float.NaN);
    this.c = matrix(random, m, n, spec.ldc(), CANARY);
    this.aux =
        spec.epilogue().kind() == Epilogue.Kind.GRADIENT
            ? matrix(random, m, n, spec.ldc(), Float.NaN)
            : matrix(random, 1, n, Math.max(1, n), Float.NaN);
  }

  private long matrix(
      final SplittableRandom random,
      final int rows,
      final int columns,
      final int leading,
      final float unused) {
    final int extent = rows * leading;
    final long start =
        arena.allocate((extent + 2L * GUARD + 1) * Float.BYTES, 64).address()
            + (GUARD + 1) * (long) Float.BYTES;
    for (int i = -GUARD; i < extent + GUARD; i++) {
      final boolean inside = i >= 0 && i < extent && i % leading < columns;
      OffHeap.setFloat(
          start + (long) i * Float.BYTES, inside ? random.nextFloat() * 2 - 1 : unused);
    }
    return start;
  }

  /** What C must be; the operands as they are now. */
  GemmReference reference() {
    return new GemmReference(spec, m, n, k, a, b, c, aux);
  }

  void fillC(final float value) {
    for (int i = 0; i < m * n; i++) {
      OffHeap.setFloat(addressOfC(i), value);
    }
  }

  private long addressOfC(final int index) {
    return c + ((long) (index / n) * spec.ldc() + index % n) * Float.BYTES;
  }

  /** Element {@code index} of the row-major y of a gradient epilogue. */
  float y(final int index) {
    return OffHeap.getFloat(aux + (addressOfC(index) - c));
  }

  void runTask(final GemmKernel kernel, final int task, final int worker) {
    kernel.runTask(task, worker, m, n, k, a, b, c, aux, 0);
  }

  /** Runs all tasks and gives C without its gaps. */
  float[] run(final GemmKernel kernel) {
    final int tasks = kernel.tasks(m, n, k);
    for (int task = 0; task < tasks; task++) {
      runTask(kernel, task, 0);
    }
    return result();
  }

  float[] result() {
    final float[] result = new float[m * n];
    for (int i = 0; i < result.length; i++) {
      result[i] = OffHeap.getFloat(addressOfC(i));
    }
    return result;
  }

  /** Fails where anything around C or between its rows has changed. */
  void assertCanaries(final String what) {
    for (int i = -GUARD; i < m * spec.ldc() + GUARD; i++) {
      final boolean inside = i >= 0 && i < m * spec.ldc() && i % spec.ldc() < n;
      if (!inside) {
        assertEquals(
            CANARY, OffHeap.getFloat(c + (long) i * Float.BYTES), what + ": canary at " + i);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
