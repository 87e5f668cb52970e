package dev.gradus.gemm;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.Locale;

/**
 * A few small products against {@link GemmReference}, in some milliseconds: catches a library for
 * another CPU, a broken build or a compiler's error before a model is trained with it. All
 * transposes, leading dimensions larger than needed, bias, activation, gradient, alpha and beta;
 * shapes with whole tiles and rests.
 */
final class GemmSelfTest {
  private static final int EXTRA = 3;

  private GemmSelfTest() {}

  /**
   * Runs it.
   *
   * @return null where all is well, else the first difference in words.
   */
  static String failure(final GemmProvider provider, final KernelMode mode) {
    final Epilogue bias = Epilogue.forward(true, null);
    final Epilogue forward = Epilogue.forward(true, Doubling.INSTANCE);
    final Epilogue gradient = Epilogue.gradient(Doubling.INSTANCE);
    String failure = compare(provider, mode, 7, 19, 9, false, false, 1f, 0f, forward);
    if (failure == null) {
      failure = compare(provider, mode, 6, 37, 5, true, false, 1f, 1f, Epilogue.NONE);
    }
    if (failure == null) {
      failure = compare(provider, mode, 3, 40, 8, false, true, 0.5f, 0.75f, gradient);
    }
    if (failure == null) {
      failure = compare(provider, mode, 2, 9, 5, true, true, 1f, 0f, bias);
    }
    return failure == null
        ? compare(provider, mode, 1, 33, 6, false, false, 1f, 0f, Epilogue.NONE)
        : failure;
  }

  private static String compare(
      final GemmProvider provider,
      final KernelMode mode,
      final int m,
      final int n,
      final int k,
      final boolean transposeA,
      final boolean transposeB,
      final float alpha,
      final float beta,
      final Epilogue epilogue) {
    final int lda = (transposeA ? m : k) + EXTRA;
    final int ldb = (transposeB ? k : n) + EXTRA;
    final int ldc = n + EXTRA;
    final GemmSpec spec =
        new GemmSpec(m, n, k, transposeA, transposeB, alpha, beta, lda, ldb, ldc, epilogue);
    final GemmKernel kernel = provider.prepare(spec, 1, mode);
    try (Arena arena = Arena.ofConfined()) {
      final long a = fill(arena, (transposeA ? k : m) * lda, 1);
      final long b = fill(arena, (transposeB ? n : k) * ldb, 2);
      final long c = fill(arena, m * ldc, 3);
      final long aux = fill(arena, m * ldc, 4);
      final long scratch = arena.allocate(kernel.scratchBytes() + 1, 64).address();
      final GemmReference reference = new GemmReference(spec, m, n, k, a, b, c, aux);
      kernel.run(0, m, n, k, a, b, c, aux, scratch);
      for (int i = 0; i < m * n; i++) {
        final float stored = OffHeap.getFloat(c + ((long) (i / n) * ldc + i % n) * Float.BYTES);
        final float actual = epilogue.activation() == null ? stored : stored / 2;
        if (!reference.accepts(i, actual)) {
          return String.format(
              Locale.ROOT,
              "self-test of %s: %s at row %d, column %d: expected=%s, actual=%s",
              kernel.description(),
              spec,
              i / n,
              i % n,
              reference.value(i),
              actual);
        }
      }
      return null;
    }
  }

  /**
   * Values in [-1, 1) that need no generator: multiples of the golden ratio, less their whole part.
   */
  private static long fill(final Arena arena, final int count, final int offset) {
    final long address = arena.allocate((long) count * Float.BYTES, 64).address();
    for (int i = 0; i < count; i++) {
      final double turn = (i + offset) * 0.6180339887498949;
      OffHeap.setFloat(address + (long) i * Float.BYTES, (float) (2 * (turn % 1) - 1));
    }
    return address;
  }

  /** f(x) = 2x: exact, so that a product can be compared behind it. */
  private static final class Doubling implements Activation, UnaryKernel, BinaryKernel {
    static final Doubling INSTANCE = new Doubling();

    @Override
    public String name() {
      return "doubling";
    }

    @Override
    public UnaryKernel forward(final KernelMode mode) {
      return this;
    }

    @Override
    public BinaryKernel gradient(final KernelMode mode) {
      return this;
    }

    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count * Float.BYTES; i += Float.BYTES) {
        OffHeap.setFloat(y + i, 2 * OffHeap.getFloat(x + i));
      }
    }

    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      run(dY, dX, count);
    }
  }
}
