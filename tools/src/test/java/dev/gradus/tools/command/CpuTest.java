package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CpuTest {
  private static final Cpu WIDE =
      Cpu.of(
          List.of(
              "processor\t: 0",
              "model name\t: Fast CPU @ 4 GHz",
              "flags\t\t: fpu avx2 fma avx512f",
              "",
              "processor\t: 1",
              "model name\t: Other CPU"));
  private static final Cpu NARROW = Cpu.of(List.of("flags : fpu avx2 fma"));

  @Test
  void shouldReadTheFirstProcessor() {
    assertEquals("Fast CPU @ 4 GHz", WIDE.model());
    assertEquals("AVX-512, 512 bits", WIDE.simd());
    assertEquals("AVX2 with FMA, 256 bits", NARROW.simd());
    assertEquals("unknown", Cpu.of(List.of()).simd());
  }

  @Test
  void shouldKnowThisMachine() {
    assertFalse(Cpu.detect().model().isBlank());
  }
}
