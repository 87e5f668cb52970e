package dev.gradus.blas.library;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CoreTypeTest {
  private static final CpuFlags SSE = CpuFlags.parse("flags\t\t: fpu sse sse2");
  private static final CpuFlags AVX2 = CpuFlags.parse("flags\t\t: fpu sse2 avx avx2 fma");
  private static final CpuFlags AVX512 =
      CpuFlags.parse(
          "flags\t\t: sse2 avx avx2 fma avx512f avx512dq avx512cd avx512bw avx512vl avx512_bf16");
  private static final CpuFlags UNKNOWN = new CpuFlags(Set.of());

  private static Map<String, String> forced(final String type) {
    return Map.of("OPENBLAS_CORETYPE", type);
  }

  @Test
  void shouldReadTheFlagsOfACpu() {
    assertEquals(Set.of("fpu", "sse", "sse2"), SSE.names());
  }

  @Test
  void shouldRefuseAForcedTypeTheCpuCannotRun() {
    final GradusException thrown =
        assertThrows(
            GradusException.class, () -> CoreType.requireForcedToRun(forced("SkylakeX"), AVX2));
    assertEquals(
        "environment variable OPENBLAS_CORETYPE mismatch: expected=a core type this CPU can run,"
            + " actual=SkylakeX, which needs avx512bw, avx512cd, avx512dq, avx512f, avx512vl",
        thrown.getMessage());
    assertThrows(
        GradusException.class, () -> CoreType.requireForcedToRun(forced("bulldozer"), AVX512));
    assertThrows(
        GradusException.class, () -> CoreType.requireForcedToRun(forced("sapphirerapids"), AVX512));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Haswell", "ZEN", "cooperlake", "Prescott", "", "no such type"})
  void shouldAcceptAForcedTypeTheCpuCanRun(final String type) {
    assertDoesNotThrow(() -> CoreType.requireForcedToRun(forced(type), AVX512));
  }

  @Test
  void shouldNotGuessWhatAnUnknownCpuCanRun() {
    assertDoesNotThrow(() -> CoreType.requireForcedToRun(forced("SkylakeX"), UNKNOWN));
    assertEquals("", CoreType.remark("Prescott", Map.of(), UNKNOWN));
  }

  @Test
  void shouldRemarkOnATypeBelowTheCpu() {
    assertEquals(
        "core type Haswell is below this CPU, which has AVX512: OPENBLAS_CORETYPE=haswell",
        CoreType.remark("Haswell", forced("haswell"), AVX512));
    assertEquals(
        "core type Nehalem is below this CPU, which has AVX2",
        CoreType.remark("Nehalem", Map.of(), AVX2));
    assertEquals(
        "cache size set by OPENBLAS_L2_SIZE=512",
        CoreType.remark("Cooperlake", Map.of("OPENBLAS_L2_SIZE", "512"), AVX512));
    assertEquals(
        "core type Zen is below this CPU, which has AVX512; cache size set by OPENBLAS_L2_SIZE=1",
        CoreType.remark("Zen", Map.of("OPENBLAS_L2_SIZE", "1"), AVX512));
  }

  @Test
  void shouldRemarkNothingOnATypeThatFits() {
    assertEquals("", CoreType.remark("SkylakeX", Map.of(), AVX512));
    assertEquals("", CoreType.remark("Zen", Map.of(), AVX2));
    assertEquals("", CoreType.remark("Prescott", Map.of(), SSE));
    assertEquals("", CoreType.remark("OfTheFuture", Map.of(), AVX512));
  }
}
