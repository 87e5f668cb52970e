package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/**
 * Operands of a product for tests, filled from a seed. They lie 4 bytes off any alignment; what no
 * product may read (the gaps between rows, the words around) is NaN, what none may write is a
 * canary; so is scratch.
 */
final class GemmOperands implements AutoCloseable {
  private static final float CANARY = 12345.678f;
  private static final int GUARD = 40;
  private static final int OFF_ALIGNMENT = Float.BYTES;

  private final Arena arena = Arena.ofConfined();
  private final GemmSpec spec;
  final int m;
  final int n;
  final int k;
  final long a;
  final long b;
  final long c;
  final long aux;
  private final int ldc;

  /** Operands of the spec's own size. */
  GemmOperands(final GemmSpec spec, final long seed) {
    this(spec, spec.m(), spec.n(), spec.k(), seed);
  }

  GemmOperands(final GemmSpec spec, final int m, final int n, final int k, final long seed) {
    this.spec = spec;
    this.m = m;
    this.n = n;
    this.k = k;
    this.ldc = spec.ldc();
    final SplittableRandom random = new SplittableRandom(seed);
    this.a =
        spec.transposeA()
            ? matrix(random, k, m, spec.lda(), Float.NaN)
            : matrix(random, m, k, spec.lda(), Float.NaN);
    this.b =
        spec.transposeB()
            ? matrix(random, n, k, spec.ldb(), Float.NaN)
            : matrix(random, k, n, spec.ldb(), Float.NaN);
    this.c = matrix(random, m, n, ldc, CANARY);
    this.aux =
        spec.epilogue().kind() == Epilogue.Kind.GRADIENT
            ? matrix(random, m, n, ldc, Float.NaN)
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
        arena.allocate((extent + 2L * GUARD) * Float.BYTES + OFF_ALIGNMENT, 64).address()
            + OFF_ALIGNMENT
            + GUARD * (long) Float.BYTES;
    for (int i = -GUARD; i < extent + GUARD; i++) {
      OffHeap.setFloat(start + (long) i * Float.BYTES, unused);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        set(start, i * leading + j, random.nextFloat() * 2 - 1);
      }
    }
    return start;
  }

  void poisonC() {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        set(c, i * ldc + j, Float.NaN);
      }
    }
  }

  long scratch(final GemmKernel kernel) {
    final long bytes = kernel.scratchBytes();
    final long scratch = arena.allocate(bytes + GUARD * 4L, 64).address();
    for (long i = 0; i < bytes; i += Float.BYTES) {
      OffHeap.setFloat(scratch + i, Float.NaN);
    }
    return scratch;
  }

  GemmReference reference() {
    return new GemmReference(spec, m, n, k, a, b, c, aux);
  }

  /** Runs all tasks in order, as worker 0, and gives C without its gaps. */
  float[] run(final GemmKernel kernel) {
    final long scratch = scratch(kernel);
    final int tasks = kernel.tasks(m, n, k);
    for (int task = 0; task < tasks; task++) {
      runTask(kernel, task, 0, scratch);
    }
    return result();
  }

  void runTask(final GemmKernel kernel, final int task, final int worker, final long scratch) {
    kernel.runTask(task, worker, m, n, k, a, b, c, aux, scratch);
  }

  float[] result() {
    final float[] result = new float[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        result[i * n + j] = get(c, i * ldc + j);
      }
    }
    return result;
  }

  /** Fails where anything around C or between its rows has changed. */
  void assertCanaries(final String what) {
    for (int i = -GUARD; i < m * ldc + GUARD; i++) {
      final boolean inside = i >= 0 && i < m * ldc && i % ldc < n;
      if (!inside) {
        assertEquals(CANARY, get(c, i), what + ": canary at " + i);
      }
    }
  }

  static float get(final long base, final int index) {
    return OffHeap.getFloat(base + (long) index * Float.BYTES);
  }

  static void set(final long base, final int index, final float value) {
    OffHeap.setFloat(base + (long) index * Float.BYTES, value);
  }

  @Override
  public void close() {
    arena.close();
  }
}
