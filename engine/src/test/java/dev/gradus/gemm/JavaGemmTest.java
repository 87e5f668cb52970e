package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scalar form against double precision, the vector form against the scalar one, bit for bit.
 */
final class JavaGemmTest {
  /** How long compiled code may take to come. */
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

  private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 9, 11, 13, 14, 17, 27};
  private static final int[] COLUMNS = {1, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 48, 49, 65, 70};
  private static final int[] STEPS = {0, 1, 2, 7, 8, 9, 16, 17, 31};
  private static final float[] FACTORS = {0f, 1f, 0.7f, -1f};
  private static final int CASES = 400;

  private final JavaGemm java = new JavaGemm();

  private static GemmSpec spec(
      final int m,
      final int n,
      final int k,
      final boolean transposeA,
      final boolean transposeB,
      final float alpha,
      final float beta,
      final int gap,
      final Epilogue epilogue) {
    return new GemmSpec(
        m,
        n,
        k,
        transposeA,
        transposeB,
        alpha,
        beta,
        Math.max(1, transposeA ? m : k) + gap,
        Math.max(1, transposeB ? k : n) + gap,
        n + gap,
        epilogue);
  }

  private static GemmSpec randomSpec(final SplittableRandom random) {
    final Epilogue[] epilogues = {
      Epilogue.NONE,
      Epilogue.forward(true, null),
      Epilogue.forward(true, Square.INSTANCE),
      Epilogue.forward(false, Square.INSTANCE),
      Epilogue.gradient(Square.INSTANCE)
    };
    return spec(
        ROWS[random.nextInt(ROWS.length)],
        COLUMNS[random.nextInt(COLUMNS.length)],
        STEPS[random.nextInt(STEPS.length)],
        random.nextBoolean(),
        random.nextBoolean(),
        FACTORS[random.nextInt(FACTORS.length)],
        FACTORS[random.nextInt(FACTORS.length)],
        random.nextInt(3) * 3,
        epilogues[random.nextInt(epilogues.length)]);
  }

  private float[] run(final GemmSpec spec, final KernelMode mode, final long seed) {
    try (GemmOperands operands = new GemmOperands(spec, seed)) {
      if (spec.beta() == 0f) {
        operands.poisonC();
      }
      final float[] result = operands.run(java.prepare(spec, 1, mode));
      operands.assertCanaries(spec + " " + mode + " seed " + seed);
      return result;
    }
  }

  @Test
  void shouldGiveTheSameBitsWithVectorsAndWithout() {
    compareModes();
  }

  /** Small products of all kinds. */
  void compareModes() {
    for (long seed = 0; seed < CASES; seed++) {
      final GemmSpec spec = randomSpec(new SplittableRandom(seed));
      final float[] expected = run(spec, KernelMode.SCALAR, seed);
      assertArrayEquals(expected, run(spec, KernelMode.VECTOR, seed), spec + " seed " + seed);
    }
  }

  @Test
  void shouldMatchDoublePrecision() {
    for (long seed = 0; seed < CASES; seed++) {
      final GemmSpec spec = randomSpec(new SplittableRandom(seed));
      try (GemmOperands operands = new GemmOperands(spec, seed)) {
        final GemmReference reference = operands.reference();
        final float[] y = new float[spec.m() * spec.n()];
        if (spec.epilogue().kind() == Epilogue.Kind.GRADIENT) {
          for (int i = 0; i < y.length; i++) {
            y[i] = GemmOperands.get(operands.aux, i / spec.n() * spec.ldc() + i % spec.n());
          }
        }
        final float[] actual = operands.run(java.prepare(spec, 1, KernelMode.SCALAR));
        for (int i = 0; i < actual.length; i++) {
          final double expected = withEpilogue(spec.epilogue(), reference.value(i), y[i]);
          // A square's and a product's relative error is at most twice the element's.
          final double scale = Math.max(1, Math.abs(2 * reference.value(i)));
          final double tolerance = (2.0 * spec.k() + 8) * 0x1p-23 * spec.k() * scale + 0x1p-20;
          assertEquals(expected, actual[i], tolerance, spec + " element " + i + " seed " + seed);
          if (spec.epilogue().activation() == null) {
            assertTrue(reference.accepts(i, actual[i]), spec + " element " + i + " seed " + seed);
          }
        }
      }
    }
  }

  private static double withEpilogue(final Epilogue epilogue, final double c, final double y) {
    if (epilogue.activation() == null) {
      return c;
    }
    return epilogue.kind() == Epilogue.Kind.FORWARD ? c * c : c * y;
  }

  @Test
  void shouldGiveTheSameBitsAcrossBlocksOfEveryKind() {
    compareModesAcrossBlocks();
  }

  void compareModesAcrossBlocks() {
    // Steps around one and two blocks, rows around a packed block, enough work for many tasks; the
    // last two don't fit in the cache, of which one has a B that does.
    final int[][] shapes = {
      {3, 33, 287}, {3, 33, 288}, {6, 40, 289}, {2, 50, 577}, {259, 40, 3}, {260, 40, 3},
      {261, 40, 3}, {521, 35, 2}, {261, 1050, 3}, {300, 30, 300}, {130, 140, 120}, {66, 10, 300},
      {1, 300, 300}, {300, 1, 20}, {64, 256, 300}, {40, 896, 20}, {64, 912, 20}, {89, 100, 20},
      {1700, 40, 300}, {300, 500, 600}
    };
    for (final int[] shape : shapes) {
      for (int transposes = 0; transposes < 4; transposes++) {
        final GemmSpec spec =
            spec(
                shape[0],
                shape[1],
                shape[2],
                (transposes & 1) != 0,
                (transposes & 2) != 0,
                1f,
                transposes == 2 ? 1f : 0f,
                1,
                Epilogue.forward(true, Square.INSTANCE));
        final float[] expected = run(spec, KernelMode.SCALAR, 7);
        assertArrayEquals(expected, run(spec, KernelMode.VECTOR, 7), spec.toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldNotDependOnWhichWorkerRunsWhichTask(final KernelMode mode) {
    final Epilogue squares = Epilogue.forward(true, Square.INSTANCE);
    scatter(spec(260, 270, 290, false, true, 1f, 0f, 0, squares), mode);
    scatter(spec(5000, 10, 400, true, false, 1f, 0f, 0, Epilogue.NONE), mode);
  }

  private void scatter(final GemmSpec spec, final KernelMode mode) {
    final int workers = 3;
    final GemmKernel kernel = java.prepare(spec, workers, mode);
    try (GemmOperands inOrder = new GemmOperands(spec, 3);
        GemmOperands scattered = new GemmOperands(spec, 3)) {
      final float[] expected = inOrder.run(kernel);
      final int tasks = kernel.tasks(spec.m(), spec.n(), spec.k());
      assertTrue(tasks > 2 && tasks % 2 == 0, "tasks " + tasks);
      final long[] scratch = new long[workers];
      for (int worker = 0; worker < workers; worker++) {
        scratch[worker] = scattered.scratch(kernel);
      }
      for (int task = tasks - 1; task >= 0; task--) {
        scattered.runTask(kernel, task, task * 7 % workers, scratch[task * 7 % workers]);
      }
      assertArrayEquals(expected, scattered.result());
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldGiveTheSameBitsForAnyNumberOfWorkers(final KernelMode mode) {
    final GemmSpec spec =
        spec(260, 270, 290, true, false, 1f, 0f, 0, Epilogue.forward(true, Square.INSTANCE));
    final GemmKernel alone = java.prepare(spec, 1, mode);
    assertEquals(1, alone.tasks(spec.m(), spec.n(), spec.k()));
    try (GemmOperands operands = new GemmOperands(spec, 3)) {
      final float[] expected = operands.run(alone);
      for (int workers = 2; workers <= 5; workers++) {
        final GemmKernel kernel = java.prepare(spec, workers, mode);
        assertArrayEquals(expected, operands.run(kernel));
        operands.poisonC();
        kernel.run(
            workers - 1,
            spec.m(),
            spec.n(),
            spec.k(),
            operands.a,
            operands.b,
            operands.c,
            operands.aux,
            operands.scratch(kernel));
        assertArrayEquals(expected, operands.result());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveTheSameBitsWithPackedB(final boolean transposeB) {
    for (final int[] shape :
        new int[][] {{1, 5, 7}, {16, 40, 300}, {23, 129, 33}, {270, 10, 9}, {9, 70, 3}}) {
      for (final int m : new int[] {1, shape[0]}) {
        final GemmSpec spec =
            spec(
                shape[0],
                shape[1],
                shape[2],
                false,
                transposeB,
                1f,
                1f,
                3,
                Epilogue.forward(true, Square.INSTANCE));
        final GemmKernel kernel = java.prepare(spec, 2, KernelMode.VECTOR);
        final float[] expected = run(spec, KernelMode.SCALAR, 7);
        try (GemmOperands operands = new GemmOperands(spec, 7);
            Arena arena = Arena.ofConfined()) {
          final long packed = arena.allocate(kernel.packedBytes(), 64).address();
          kernel.pack(operands.b, packed);
          final long scratch = operands.scratch(kernel);
          kernel.runPacked(1, m, operands.a, packed, operands.c, operands.aux, scratch);
          final float[] actual = operands.result();
          for (int i = 0; i < m * shape[1]; i++) {
            assertEquals(expected[i], actual[i], spec + " of " + m + " rows, element " + i);
          }
          operands.assertCanaries(spec.toString());
        }
      }
    }
  }

  @Test
  void shouldSayThatScalarCodeDoesNotPack() {
    final GemmSpec spec = spec(2, 2, 2, false, false, 1f, 0f, 0, Epilogue.NONE);
    final GemmKernel kernel = java.prepare(spec, 1, KernelMode.SCALAR);
    assertEquals(0, kernel.packedBytes());
    assertThrows(UnsupportedOperationException.class, () -> kernel.pack(64, 64));
    assertThrows(
        UnsupportedOperationException.class, () -> kernel.runPacked(0, 2, 64, 64, 64, 0, 64));
  }

  @Test
  void shouldCutNoMoreTasksThanShareTheWorkEvenly() {
    final int[] workers = {1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 64};
    final int[] tasks = {1, 2, 8, 4, 4, 16, 16, 8, 32, 16, 64};
    for (int i = 0; i < workers.length; i++) {
      assertEquals(tasks[i], Blocking.mostTasks(workers[i]), workers[i] + " workers");
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldGiveEachRowTheSameBitsInARunOfFewerRows(final KernelMode mode) {
    final GemmSpec spec =
        spec(23, 37, 19, false, false, 1f, 0f, 2, Epilogue.forward(true, Square.INSTANCE));
    final GemmKernel kernel = java.prepare(spec, 1, mode);
    final float[] all;
    try (GemmOperands operands = new GemmOperands(spec, 5)) {
      all = operands.run(kernel);
    }
    for (int m = 0; m <= spec.m(); m++) {
      try (GemmOperands operands = new GemmOperands(spec, 5)) {
        final long scratch = operands.scratch(kernel);
        final int tasks = kernel.tasks(m, spec.n(), spec.k());
        for (int task = 0; task < tasks; task++) {
          kernel.runTask(
              task,
              0,
              m,
              spec.n(),
              spec.k(),
              operands.a,
              operands.b,
              operands.c,
              operands.aux,
              scratch);
        }
        final float[] some = operands.result();
        for (int i = 0; i < m * spec.n(); i++) {
          assertEquals(all[i], some[i], "m " + m + " element " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldReadNeitherFactorWhereTheyDoNotCount(final KernelMode mode) {
    for (final boolean empty : new boolean[] {false, true}) {
      final int k = empty ? 0 : 4;
      final GemmSpec spec = spec(6, 20, k, false, false, empty ? 1f : 0f, 0.5f, 0, Epilogue.NONE);
      final GemmKernel kernel = java.prepare(spec, 1, mode);
      try (GemmOperands operands = new GemmOperands(spec, 9)) {
        final float[] before = operands.result();
        final long scratch = operands.scratch(kernel);
        // Address 8 is never mapped: reading there would end the process.
        kernel.runTask(0, 0, 6, 20, k, 8, 8, operands.c, 0, scratch);
        final float[] after = operands.result();
        for (int i = 0; i < after.length; i++) {
          assertEquals(0.5f * before[i], after[i], "element " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldHaveNoTasksForAnEmptyResult(final KernelMode mode) {
    final GemmKernel kernel =
        java.prepare(spec(4, 4, 4, false, false, 1f, 0f, 0, Epilogue.NONE), 1, mode);
    assertEquals(0, kernel.tasks(0, 4, 4));
    assertEquals(0, kernel.tasks(4, 0, 4));
    assertEquals(1, kernel.tasks(4, 4, 0));
  }

  @Tag("fresh-jvm")
  @Test
  void shouldAllocateNothingOnceWarm() {
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final Epilogue epilogue = Epilogue.forward(true, Square.INSTANCE);
    final GemmSpec[] specs = {
      spec(24, 64, 40, false, false, 1f, 0f, 0, epilogue),
      spec(24, 70, 40, true, false, 1f, 1f, 0, Epilogue.NONE),
      spec(24, 48, 40, false, true, 1f, 0f, 0, Epilogue.gradient(Square.INSTANCE)),
      spec(24, 10, 40, false, false, 1f, 0f, 0, epilogue),
      spec(1, 64, 40, false, false, 1f, 0f, 0, epilogue)
    };
    for (final GemmSpec spec : specs) {
      final GemmKernel kernel = java.prepare(spec, 1, KernelMode.VECTOR);
      try (GemmOperands operands = new GemmOperands(spec, 1)) {
        final long scratch = operands.scratch(kernel);
        long allocated = Long.MAX_VALUE;
        // C2 arrives when it will; boxed vectors before it does are heap, none may be left after.
        final long start = System.nanoTime();
        while (allocated != 0 && System.nanoTime() - start < PATIENCE) {
          final long before = threads.getCurrentThreadAllocatedBytes();
          for (int i = 0; i < 200; i++) {
            operands.runTask(kernel, 0, 0, scratch);
          }
          allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated, spec.toString());
      }
    }
  }

  @Test
  void shouldPropagateNotANumber() {
    final GemmSpec spec = spec(5, 40, 6, false, false, 1f, 0f, 0, Epilogue.NONE);
    for (final KernelMode mode : KernelMode.values()) {
      try (GemmOperands operands = new GemmOperands(spec, 2)) {
        OffHeap.setFloat(operands.a, Float.NaN);
        final float[] result = operands.run(java.prepare(spec, 1, mode));
        for (int i = 0; i < result.length; i++) {
          assertEquals(i < 40, Float.isNaN(result[i]), "element " + i + " " + mode);
        }
      }
    }
  }
}
