package dev.gradus.blas;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.blas.generated.openblas_h;
import dev.gradus.gemm.GemmProvider;
import dev.gradus.memory.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the OpenBLAS bindings are for Linux on x86-64")
final class OpenBlasTest {
  private static final String CONFIG =
      "OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64";

  @Test
  void shouldDescribeTheLibraryInUse() {
    final GemmProvider.Availability availability = OpenBlas.availability();
    assertTrue(availability.usable(), availability.detail());
    final OpenBlasInfo info = OpenBlas.info();
    assertEquals(info.detail(), availability.detail());
    assertTrue(info.version().matches("0\\.3\\.\\d+(\\.dev)?"), info.version());
    assertTrue(info.config().contains(info.core()), info.toString());
    assertEquals("org.bytedeco:openblas", info.source());
    assertTrue(info.path().endsWith("libopenblas.so.0"), info.path());
    assertEquals(64, info.concurrentCalls());
  }

  @Test
  void shouldPutAllThatMattersInOneLine() {
    assertEquals(
        "OpenBLAS 0.3.31, core type Zen, one thread per call, from the system (libopenblas.so.0)",
        new OpenBlasInfo("0.3.31", CONFIG, "Zen", 64, "the system", "libopenblas.so.0", "")
            .detail());
    assertEquals(
        "OpenBLAS 0.3.31, core type Zen, one thread per call, from the system (lib); slow",
        new OpenBlasInfo("0.3.31", CONFIG, "Zen", 64, "the system", "lib", "slow").detail());
  }

  @Test
  void shouldRunOnOneThread() {
    assertTrue(OpenBlas.availability().usable(), OpenBlas.availability().detail());
    assertEquals(1, openblas_h.openblas_get_num_threads());
    assertEquals(openblas_h.OPENBLAS_THREAD(), openblas_h.openblas_get_parallel());
  }

  @Test
  void shouldReadTheConfiguration() {
    assertEquals("0.3.31", OpenBlas.version(CONFIG));
    assertEquals("unknown", OpenBlas.version("NO_AFFINITY "));
    assertEquals(64, OpenBlas.concurrentCalls(CONFIG, openblas_h.OPENBLAS_THREAD()));
    assertEquals(1, OpenBlas.concurrentCalls(CONFIG, openblas_h.OPENBLAS_SEQUENTIAL()));
    assertEquals(1, OpenBlas.concurrentCalls("OpenBLAS", openblas_h.OPENBLAS_THREAD()));
  }

  @Test
  void shouldRefuseBuildsThatDoNotFit() {
    final int pthread = openblas_h.OPENBLAS_THREAD();
    assertDoesNotThrow(() -> OpenBlas.requireSuitable("lib", CONFIG, pthread));
    assertEquals(
        "build of lib mismatch: expected=pthread or sequential, actual=OpenMP",
        assertThrows(
                GradusException.class,
                () -> OpenBlas.requireSuitable("lib", CONFIG, openblas_h.OPENBLAS_OPENMP()))
            .getMessage());
    assertEquals(
        "integers of lib mismatch: expected=32 bits, actual=64 bits",
        assertThrows(
                GradusException.class,
                () -> OpenBlas.requireSuitable("lib", "OpenBLAS 0.3 USE64BITINT X", pthread))
            .getMessage());
  }
}
