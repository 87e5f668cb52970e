package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kernels once C2 has compiled them: nothing allocated, which is also the proof that every vector
 * stays in a register, and still the bits of scalar code.
 */
@Tag("fresh-jvm")
final class CompiledKernelsTest {
  private static final long SEED = 60;
  private static final int CALLS = 250;

  /**
   * How long a kernel may go on to allocate. C2 may come late: it has a queue, takes a first form
   * back where a branch taken is new to it, and passes over a method whose loops it has compiled
   * already.
   */
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

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
    awaitNoBytes(
        "kernel " + kernel,
        call -> kernels.run(kernel, a, b, labels, out.address(), out.address(), COUNTS[call & 3]));
  }

  /** Calls until a round of calls allocates nothing. */
  private void awaitNoBytes(final String what, final IntConsumer calls) {
    final long start = System.nanoTime();
    long bytes;
    do {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        calls.accept(call);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    } while (bytes > 0 && System.nanoTime() - start < PATIENCE);
    assertEquals(0, bytes, "bytes allocated in a round by " + what);
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
    awaitNoBytes(
        "kernels in one method",
        call -> kernels.runTogether(a, b, labels, c, spare, COUNTS[call & 3]));
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
