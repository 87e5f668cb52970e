package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmProvider;
import dev.gradus.gemm.GemmReference;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.gemm.JavaGemm;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The grid by which the reference BLAS tests its level 3 routines, on every backend there is: sizes
 * 0 to 31 in each dimension, all transposes, alpha and beta 0, 1 and neither, leading dimensions
 * larger than needed. What may not be read is NaN, what may not be written is watched.
 *
 * <p>Source: the test programs of BLAS level 3, Dongarra et al. 1990.
 */
final class GemmConformanceTest {
  private static final int[] SIZES = {0, 1, 2, 3, 7, 31};
  private static final float[] FACTORS = {0f, 1f, 0.7f};
  private static final int GAP = 5;
  private static final int GUARD = 16;
  private static final float CANARY = 12345.678f;
  private static final int LARGEST = 31 * (31 + GAP) + 2 * GUARD;

  /** Room for the largest case, between guards. */
  private static final class Memory implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final long a = matrix();
    private final long b = matrix();
    private final long c = matrix();
    private final long bias = matrix();
    private MemorySegment scratch = arena.allocate(64, 64);

    private long matrix() {
      return arena.allocate(LARGEST * 4L, 64).address() + GUARD * 4L;
    }

    /** Filled with NaN. */
    MemorySegment scratch(final long bytes) {
      if (bytes > scratch.byteSize()) {
        scratch = arena.allocate(bytes, 64);
      }
      return scratch.fill((byte) 0xff);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  record Backend(GemmProvider provider, KernelMode mode) {
    @Override
    public String toString() {
      return provider.name() + " " + mode;
    }
  }

  static List<Backend> backends() {
    final List<Backend> backends = new ArrayList<>();
    final JavaGemm java = new JavaGemm();
    backends.add(new Backend(java, KernelMode.VECTOR));
    backends.add(new Backend(java, KernelMode.SCALAR));
    for (final GemmProvider provider : ServiceLoader.load(GemmProvider.class)) {
      backends.add(new Backend(provider, KernelMode.VECTOR));
    }
    return backends;
  }

  @ParameterizedTest
  @MethodSource("backends")
  void shouldAgreeWithDoublePrecision(final Backend backend) {
    final GemmProvider.Availability availability = backend.provider().load();
    assumeTrue(availability.usable(), availability.detail());
    try (Memory memory = new Memory()) {
      for (final int m : SIZES) {
        for (final int n : SIZES) {
          for (final int k : SIZES) {
            for (final GemmSpec spec : specs(m, n, k)) {
              check(backend, spec, memory);
            }
          }
        }
      }
    }
  }

  private static List<GemmSpec> specs(final int m, final int n, final int k) {
    final List<GemmSpec> specs = new ArrayList<>();
    for (int transposes = 0; transposes < 4; transposes++) {
      final boolean tA = (transposes & 1) != 0;
      final boolean tB = (transposes & 2) != 0;
      final int lda = Math.max(1, tA ? m : k) + GAP;
      final int ldb = Math.max(1, tB ? k : n) + GAP;
      final int ldc = Math.max(1, n) + GAP;
      for (final float alpha : FACTORS) {
        for (final float beta : FACTORS) {
          final Epilogue epilogue = Epilogue.forward(alpha == 1f && beta == 0f && tA == tB, null);
          specs.add(new GemmSpec(m, n, k, tA, tB, alpha, beta, lda, ldb, ldc, epilogue));
        }
      }
    }
    return specs;
  }

  private static void check(final Backend backend, final GemmSpec spec, final Memory memory) {
    final long a = memory.a;
    final long b = memory.b;
    final long c = memory.c;
    final long bias = memory.bias;
    final int m = spec.m();
    final int n = spec.n();
    final int k = spec.k();
    final SplittableRandom random = new SplittableRandom(31L * (31L * m + n) + k);
    fill(random, a, spec.transposeA() ? k : m, spec.transposeA() ? m : k, spec.lda(), Float.NaN);
    fill(random, b, spec.transposeB() ? n : k, spec.transposeB() ? k : n, spec.ldb(), Float.NaN);
    fill(random, c, m, n, spec.ldc(), CANARY);
    fill(random, bias, 1, n, Math.max(1, n), Float.NaN);
    final GemmReference reference = new GemmReference(spec, m, n, k, a, b, c, bias);
    if (spec.beta() == 0f) {
      for (int i = 0; i < m * n; i++) {
        OffHeap.setFloat(at(c, i, n, spec.ldc()), Float.NaN);
      }
    }
    final GemmKernel kernel = backend.provider().prepare(spec, 1, backend.mode());
    final MemorySegment scratch = memory.scratch(kernel.scratchBytes());
    final int tasks = kernel.tasks(m, n, k);
    for (int task = 0; task < tasks; task++) {
      kernel.runTask(task, 0, m, n, k, a, b, c, bias, scratch.address());
    }
    for (int i = 0; i < m * n; i++) {
      final float actual = OffHeap.getFloat(at(c, i, n, spec.ldc()));
      if (!reference.accepts(i, actual)) {
        assertEquals(reference.value(i), actual, backend + " " + spec + " element " + i);
      }
    }
    for (int i = -GUARD; i < m * spec.ldc() + GUARD; i++) {
      final boolean inside = i >= 0 && i < m * spec.ldc() && i % spec.ldc() < n;
      assertTrue(
          inside || OffHeap.getFloat(c + i * 4L) == CANARY,
          backend + " " + spec + " wrote beside C at " + i);
    }
  }

  private static long at(final long base, final int element, final int columns, final int leading) {
    return base + ((long) (element / columns) * leading + element % columns) * 4L;
  }

  /** Fills a matrix; its gaps and what lies around it take {@code unused}. */
  private static void fill(
      final SplittableRandom random,
      final long base,
      final int rows,
      final int columns,
      final int leading,
      final float unused) {
    for (int i = -GUARD; i < rows * leading + GUARD; i++) {
      final boolean inside = i >= 0 && i < rows * leading && i % leading < columns;
      OffHeap.setFloat(base + i * 4L, inside ? random.nextFloat() * 2 - 1 : unused);
    }
  }
}
