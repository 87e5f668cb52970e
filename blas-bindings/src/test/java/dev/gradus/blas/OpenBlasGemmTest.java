package dev.gradus.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmProvider;
import dev.gradus.gemm.GemmReference;
import dev.gradus.gemm.GemmSelector;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.OffHeap;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the OpenBLAS bindings are for Linux on x86-64")
final class OpenBlasGemmTest {
  /** How long compiled code may take to come. */
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  /** As in the test programs of the reference BLAS. */
  private static final int[] SIZES = {0, 1, 2, 3, 7, 31};

  private static final float[] FACTORS = {0f, 1f, 0.7f};

  /** Rows and columns around where sgemv takes over, tiles around where they are cut. */
  private static final int[][] SHAPES = {
    {4, 70, 33},
    {5, 70, 33},
    {70, 4, 33},
    {70, 5, 33},
    {1, 300, 20},
    {300, 1, 20},
    {4, 4, 9},
    {64, 256, 784},
    {203, 150, 311},
    {1, 2100, 4001},
    {2100, 3, 1400}
  };

  private final OpenBlasGemm openblas = new OpenBlasGemm();

  private static GemmSpec spec(
      final int m,
      final int n,
      final int k,
      final int transposes,
      final float alpha,
      final float beta,
      final int gap,
      final Epilogue epilogue) {
    final boolean ta = (transposes & 1) != 0;
    final boolean tb = (transposes & 2) != 0;
    return new GemmSpec(
        m,
        n,
        k,
        ta,
        tb,
        alpha,
        beta,
        Math.max(1, ta ? m : k) + gap,
        Math.max(1, tb ? k : n) + gap,
        Math.max(1, n) + gap,
        epilogue);
  }

  private GemmKernel kernel(final GemmSpec spec) {
    return openblas.prepare(spec, 1, KernelMode.SCALAR);
  }

  /** C against double precision; NaN in C where beta is 0. */
  private void assertConforms(final GemmSpec spec, final long seed) {
    final String what = spec + " seed " + seed;
    try (Operands operands = new Operands(spec, seed)) {
      if (spec.beta() == 0f) {
        operands.fillC(Float.NaN);
      }
      final GemmReference reference = operands.reference();
      final float[] actual = operands.run(kernel(spec));
      for (int i = 0; i < actual.length; i++) {
        assertTrue(
            reference.accepts(i, actual[i]),
            what + " element " + i + ": expected=" + reference.value(i) + ", actual=" + actual[i]);
      }
      operands.assertCanaries(what);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldConformToBlasInSmallSizes(final boolean bias) {
    final Epilogue epilogue = Epilogue.forward(bias, null);
    long seed = 0;
    for (final int m : SIZES) {
      for (final int n : SIZES) {
        for (final int k : SIZES) {
          for (int transposes = 0; transposes < 4; transposes++) {
            for (final float alpha : FACTORS) {
              for (final float beta : FACTORS) {
                final int gap = (int) (seed % 2) * 3;
                assertConforms(spec(m, n, k, transposes, alpha, beta, gap, epilogue), seed++);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void shouldConformToBlasInShapesOfEveryKind() {
    long seed = 1;
    for (final int[] shape : SHAPES) {
      for (int transposes = 0; transposes < 4; transposes++) {
        final Epilogue epilogue = Epilogue.forward(seed % 2 == 0, null);
        final float beta = FACTORS[(int) (seed % FACTORS.length)];
        assertConforms(
            spec(shape[0], shape[1], shape[2], transposes, 0.7f, beta, 5, epilogue), seed++);
      }
    }
  }

  @Test
  void shouldRunTheEpilogueOnEachElementOnce() {
    long seed = 1;
    for (final int[] shape : SHAPES) {
      final int m = shape[0];
      final int n = shape[1];
      final int k = shape[2];
      for (final Epilogue epilogue :
          List.of(
              Epilogue.forward(true, Square.INSTANCE),
              Epilogue.forward(false, Square.INSTANCE),
              Epilogue.gradient(Square.INSTANCE))) {
        final Epilogue bare = Epilogue.forward(epilogue.bias(), null);
        // The same operands, but for y: it is drawn last.
        try (Operands plain = new Operands(spec(m, n, k, 0, 1f, 0f, 2, bare), seed);
            Operands fused = new Operands(spec(m, n, k, 0, 1f, 0f, 2, epilogue), seed)) {
          final float[] products = plain.run(kernel(plain.spec));
          final float[] actual = fused.run(kernel(fused.spec));
          for (int i = 0; i < actual.length; i++) {
            final boolean forward = epilogue.kind() == Epilogue.Kind.FORWARD;
            final float factor = forward ? products[i] : fused.y(i);
            assertEquals(
                products[i] * factor, actual[i], fused.spec + " element " + i + " seed " + seed);
          }
          fused.assertCanaries(fused.spec + " seed " + seed);
        }
        seed++;
      }
    }
  }

  @Test
  void shouldReadNeitherFactorWhereTheyDoNotCount() {
    for (final int rows : new int[] {3, 6}) {
      for (final int steps : new int[] {0, 4}) {
        final float alpha = steps == 0 ? 1f : 0f;
        final GemmSpec spec = spec(rows, 20, steps, 0, alpha, 0.5f, 0, Epilogue.NONE);
        try (Operands operands = new Operands(spec, 9)) {
          final float[] before = operands.result();
          // Address 8 is never mapped: reading there would end the process.
          operands.a = 8;
          operands.b = 8;
          final float[] after = operands.run(kernel(spec));
          for (int i = 0; i < after.length; i++) {
            assertEquals(0.5f * before[i], after[i], spec + " element " + i);
          }
        }
      }
    }
  }

  @Test
  void shouldPropagateNotANumber() {
    for (final int rows : new int[] {3, 6, 70}) {
      final GemmSpec spec = spec(rows, 40, 6, 0, 1f, 0f, 0, Epilogue.NONE);
      try (Operands operands = new Operands(spec, 2)) {
        OffHeap.setFloat(operands.a, Float.NaN);
        final float[] result = operands.run(kernel(spec));
        for (int i = 0; i < result.length; i++) {
          assertEquals(i < 40, Float.isNaN(result[i]), spec + " element " + i);
        }
      }
    }
  }

  @Test
  void shouldServeRunsOfFewerRowsThanPrepared() {
    final GemmSpec most = spec(23, 37, 19, 0, 1f, 0f, 2, Epilogue.forward(true, null));
    final GemmKernel kernel = kernel(most);
    for (int m = 0; m <= most.m(); m++) {
      final GemmSpec spec =
          new GemmSpec(
              m, 37, 19, false, false, 1f, 0f, most.lda(), most.ldb(), most.ldc(), most.epilogue());
      try (Operands operands = new Operands(spec, 5)) {
        final GemmReference reference = operands.reference();
        final float[] result = operands.run(kernel);
        for (int i = 0; i < result.length; i++) {
          assertTrue(reference.accepts(i, result[i]), "rows " + m + " element " + i);
        }
        operands.assertCanaries("rows " + m);
      }
    }
  }

  @Test
  void shouldGiveTheSameBitsWhoeverRunsWhichTask() throws InterruptedException {
    final GemmSpec spec =
        spec(256, 300, 290, 2, 1f, 0f, 0, Epilogue.forward(true, Square.INSTANCE));
    final int workers = 4;
    final GemmKernel kernel = openblas.prepare(spec, workers, KernelMode.SCALAR);
    try (Operands inOrder = new Operands(spec, 3);
        Operands scattered = new Operands(spec, 3)) {
      final float[] expected = inOrder.run(kernel);
      final int tasks = kernel.tasks(spec.m(), spec.n(), spec.k());
      assertTrue(tasks >= workers, "tasks " + tasks);
      final Thread[] threads = new Thread[workers];
      for (int worker = 0; worker < workers; worker++) {
        final int own = worker;
        threads[worker] =
            new Thread(
                () -> {
                  for (int task = own; task < tasks; task += workers) {
                    scattered.runTask(kernel, task, own);
                  }
                });
        threads[worker].start();
      }
      for (final Thread thread : threads) {
        thread.join();
      }
      assertArrayEquals(expected, scattered.result());
    }
  }

  @Test
  @Timeout(60)
  void shouldHoldBackCallsTheLibraryHasNoBuffersFor() throws InterruptedException {
    final GemmSpec spec = spec(8, 8, 8, 0, 1f, 0f, 0, Epilogue.NONE);
    try (Operands operands = new Operands(spec, 4)) {
      final GemmKernel kernel = kernel(spec);
      final int most = OpenBlas.info().concurrentCalls();
      final float[] before = operands.result();
      final Thread caller = new Thread(() -> operands.runTask(kernel, 0, 0));
      RawBlas.CALLS.acquireUninterruptibly(most);
      try {
        caller.start();
        while (caller.getState() != Thread.State.WAITING) {
          assertTrue(caller.isAlive(), "the call went through");
          Thread.onSpinWait();
        }
        assertArrayEquals(before, operands.result());
      } finally {
        RawBlas.CALLS.release(most);
      }
      caller.join();
      final float[] after = operands.result();
      operands.run(kernel);
      assertArrayEquals(operands.result(), after);
      assertEquals(most, RawBlas.CALLS.availablePermits());
    }
  }

  @Tag("fresh-jvm")
  @Test
  void shouldAllocateNothing() {
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final Epilogue forward = Epilogue.forward(true, Square.INSTANCE);
    final GemmSpec[] specs = {
      spec(24, 64, 40, 0, 1f, 0f, 0, forward),
      spec(24, 64, 40, 1, 1f, 1f, 0, Epilogue.NONE),
      spec(24, 64, 40, 2, 1f, 0f, 0, Epilogue.gradient(Square.INSTANCE)),
      spec(2, 64, 40, 0, 1f, 0f, 0, Epilogue.NONE),
      spec(64, 2, 40, 0, 1f, 0.5f, 0, forward),
      spec(64, 256, 784, 0, 1f, 0f, 0, forward)
    };
    for (final GemmSpec spec : specs) {
      final GemmKernel kernel = kernel(spec);
      try (Operands operands = new Operands(spec, 1)) {
        final int tasks = kernel.tasks(spec.m(), spec.n(), spec.k());
        long allocated = Long.MAX_VALUE;
        final long start = System.nanoTime();
        while (allocated != 0 && System.nanoTime() - start < PATIENCE) {
          final long before = threads.getCurrentThreadAllocatedBytes();
          for (int i = 0; i < 100; i++) {
            operands.runTask(kernel, i % tasks, 0);
          }
          allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated, spec.toString());
      }
    }
  }

  @Test
  void shouldBeFoundAsAServiceAndPassTheSelfTest() {
    final List<String> names =
        ServiceLoader.load(GemmProvider.class).stream()
            .map(provider -> provider.get().name())
            .toList();
    assertEquals(List.of("openblas"), names);
    final GemmSelector.Choice choice = GemmSelector.select("openblas", KernelMode.SCALAR);
    assertEquals("openblas", choice.provider().name());
    assertTrue(choice.reason().contains(OpenBlas.info().detail()), choice.reason());
  }

  @Test
  void shouldDescribeItsKernels() {
    final GemmSpec spec = spec(8, 8, 8, 0, 1f, 0f, 0, Epilogue.NONE);
    assertEquals("openblas " + OpenBlas.info().core(), kernel(spec).description());
  }
}
