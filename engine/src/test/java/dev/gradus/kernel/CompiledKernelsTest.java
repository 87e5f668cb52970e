package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Kernels once C2 has compiled them: nothing allocated, which is also the proof that every vector
 * stays in a register, and still the bits of scalar code.
 */
final class CompiledKernelsTest {
  private static final long SEED = 60;
  private static final int ROUNDS = 8000;
  private static final int CALLS = 250;

  // Whole vectors, a tail; whole groups of rows of 10, a rest.
  private static final int[] COUNTS = {80, 97, 32, 41};

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Arena arena = Arena.ofConfined();
  private final int count = AllKernels.CAPACITY;
  private final float[] input = Kernels.normal(SEED, count, 2);
  private final long a = buffer(input);
  private final long b = buffer(Kernels.normal(SEED + 1, count, 2));
  private final long labels = buffer(Kernels.labels(SEED, count, 10));
  private GuardedBuffer out;

  private long buffer(final float[] values) {
    return new GuardedBuffer(arena, values, 4).address();
  }

  @BeforeEach
  void open() {
    out = new GuardedBuffer(arena, Kernels.normal(SEED + 2, count, 1), 4);
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void shouldAllocateNothingAndKeepTheirBits() {
    assumeTrue(KernelModes.detect().mode() == KernelMode.VECTOR, KernelModes.detect().reason());
    final AllKernels vector = new AllKernels(KernelMode.VECTOR);
    final AllKernels scalar = new AllKernels(KernelMode.SCALAR);
    for (int kernel = 0; kernel < AllKernels.KERNELS; kernel++) {
      warmUp(vector, kernel);
      final float[] expected = results(scalar, kernel);
      final float[] actual = results(vector, kernel);
      Kernels.assertSameBits(expected, actual, "kernel " + kernel + " compiled, seed " + SEED);
    }
  }

  /** Runs a kernel until it allocates nothing in a round of calls. */
  private void warmUp(final AllKernels kernels, final int kernel) {
    long bytes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        kernels.run(kernel, a, b, labels, out.address(), out.address(), COUNTS[call & 3]);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
      if (bytes == 0) {
        return;
      }
    }
    assertEquals(0, bytes, "bytes allocated by kernel " + kernel);
  }

  private float[] results(final AllKernels kernels, final int kernel) {
    final GuardedBuffer first = new GuardedBuffer(arena, input, 4);
    final GuardedBuffer c = new GuardedBuffer(arena, Kernels.normal(SEED + 2, count, 1), 4);
    final GuardedBuffer d = new GuardedBuffer(arena, Kernels.normal(SEED + 3, count, 1), 4);
    kernels.run(kernel, first.address(), b, labels, c.address(), d.address(), count);
    final float[] results = new float[2 * count];
    System.arraycopy(c.values("compiled kernel " + kernel), 0, results, 0, count);
    System.arraycopy(d.values("compiled kernel " + kernel), 0, results, count, count);
    return results;
  }

  @Test
  void shouldAllocateNothingWhereOneMethodTakesThemAllIn() {
    assumeTrue(KernelModes.detect().mode() == KernelMode.VECTOR, KernelModes.detect().reason());
    final AllKernels kernels = new AllKernels(KernelMode.VECTOR);
    final long c = out.address();
    final long spare = buffer(input);
    long bytes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        kernels.runTogether(a, b, labels, c, spare, COUNTS[call & 3]);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
      if (bytes == 0) {
        return;
      }
    }
    assertEquals(0, bytes, "bytes allocated by kernels in one method");
  }

  @Test
  void shouldAllocateNothingInScalarCode() {
    final AllKernels kernels = new AllKernels(KernelMode.SCALAR);
    for (int kernel = 0; kernel < AllKernels.KERNELS; kernel++) {
      warmUp(kernels, kernel);
    }
    assertTrue(threads.isThreadAllocatedMemoryEnabled());
  }
}
