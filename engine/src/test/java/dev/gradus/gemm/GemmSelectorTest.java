package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

final class GemmSelectorTest {
  private final JavaGemm java = new JavaGemm();

  /** A backend that is right, wrong in one element, not there, or (error NaN) fails to link. */
  private static final class Other implements GemmProvider {
    private final boolean usable;
    private final float error;

    Other(final boolean usable, final float error) {
      this.usable = usable;
      this.error = error;
    }

    @Override
    public String name() {
      return "other";
    }

    @Override
    public Availability load() {
      if (Float.isNaN(error)) {
        throw new UnsatisfiedLinkError("no symbol cblas_sgemm");
      }
      return new Availability(usable, usable ? "version 1" : "library not found");
    }

    @Override
    public GemmKernel prepare(final GemmSpec spec, final int workers, final KernelMode mode) {
      final ScalarGemm right = new ScalarGemm(spec, workers);
      return new GemmKernel() {
        @Override
        public int tasks(final int m, final int n, final int k) {
          return right.tasks(m, n, k);
        }

        @Override
        public void runTask(
            final int task,
            final int worker,
            final int m,
            final int n,
            final int k,
            final long a,
            final long b,
            final long c,
            final long aux,
            final long scratch) {
          right.runTask(task, worker, m, n, k, a, b, c, aux, scratch);
          OffHeap.setFloat(c, OffHeap.getFloat(c) + error);
        }

        @Override
        public String description() {
          return "other";
        }
      };
    }
  }

  private List<GemmProvider> with(final Other other) {
    return List.of(java, other);
  }

  @Test
  void shouldTakeJavaByDefault() {
    final GemmSelector.Choice choice =
        GemmSelector.select("auto", KernelMode.VECTOR, with(new Other(true, 0f)));
    assertSame(java, choice.provider());
    assertEquals(KernelMode.VECTOR, choice.mode());
    assertTrue(choice.reason().contains("default with SIMD"), choice.reason());
  }

  @Test
  void shouldTakeAnotherBackendRatherThanScalarJava() {
    final Other other = new Other(true, 0f);
    final GemmSelector.Choice choice = GemmSelector.select("auto", KernelMode.SCALAR, with(other));
    assertSame(other, choice.provider());
    assertTrue(choice.reason().contains("version 1"), choice.reason());
  }

  @Test
  void shouldFallBackToScalarJavaAndSayWhy() {
    assertFallsBack(new Other(true, 0.001f), "backend other passed over: self-test of other");
    assertFallsBack(new Other(false, 0f), "backend other passed over: library not found");
  }

  private void assertFallsBack(final Other other, final String reason) {
    final List<String> logged = new ArrayList<>();
    final Handler handler = recording(logged);
    final Logger logger = Logger.getLogger(GemmSelector.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      final GemmSelector.Choice choice =
          GemmSelector.select("auto", KernelMode.SCALAR, with(other));
      assertSame(java, choice.provider());
      assertEquals(KernelMode.SCALAR, choice.mode());
    } finally {
      logger.setUseParentHandlers(true);
      logger.removeHandler(handler);
    }
    assertEquals(1, logged.size(), logged.toString());
    assertTrue(logged.get(0).startsWith(reason), logged.toString());
  }

  private static Handler recording(final List<String> messages) {
    return new Handler() {
      @Override
      public void publish(final LogRecord record) {
        messages.add(new SimpleFormatter().formatMessage(record));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void shouldTakeWhatWasAskedFor() {
    final Other other = new Other(true, 0f);
    assertSame(other, GemmSelector.select("other", KernelMode.VECTOR, with(other)).provider());
    assertSame(java, GemmSelector.select("java", KernelMode.SCALAR, with(other)).provider());
  }

  @Test
  void shouldRefuseAForcedBackendThatIsWrong() {
    final GradusException thrown =
        assertThrows(
            GradusException.class,
            () -> GemmSelector.select("other", KernelMode.VECTOR, with(new Other(true, 0.001f))));
    assertTrue(
        thrown
            .getMessage()
            .startsWith("backend other does not work here: expected=usable, actual=self-test of"),
        thrown.getMessage());
    assertTrue(thrown.getMessage().contains("at row 0, column 0"), thrown.getMessage());
  }

  @Test
  void shouldReportWhatABackendThrows() {
    final GradusException thrown =
        assertThrows(
            GradusException.class,
            () ->
                GemmSelector.select("other", KernelMode.VECTOR, with(new Other(true, Float.NaN))));
    assertTrue(thrown.getMessage().endsWith("no symbol cblas_sgemm"), thrown.getMessage());
  }

  @Test
  void shouldRefuseAForcedBackendThatIsMissing() {
    final GradusException thrown =
        assertThrows(
            GradusException.class,
            () -> GemmSelector.select("other", KernelMode.VECTOR, with(new Other(false, 0f))));
    assertEquals(
        "backend other does not work here: expected=usable, actual=library not found",
        thrown.getMessage());
  }

  @Test
  void shouldNameTheNearestBackend() {
    final GradusException thrown =
        assertThrows(
            GradusException.class,
            () -> GemmSelector.select("Jaba", KernelMode.VECTOR, with(new Other(true, 0f))));
    assertEquals(
        "unknown backend \"Jaba\": expected=one of [auto, java, other], nearest=java",
        thrown.getMessage());
  }

  @Test
  void shouldFindTheBuiltInBackend() {
    assertTrue(GemmSelector.names().containsAll(List.of("auto", "java")));
    assertInstanceOf(JavaGemm.class, GemmSelector.select("java", KernelMode.VECTOR).provider());
  }
}
