package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class KernelModesTest {
  private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";

  @Test
  void shouldChooseVectorsWhereC2CompilesThem() {
    final KernelModes.Choice choice = KernelModes.choose(true, HOTSPOT, "mixed mode, sharing", 8);
    assertEquals(KernelMode.VECTOR, choice.mode());
    assertEquals("8 float lanes, compiled by C2", choice.reason());
    assertEquals(KernelMode.VECTOR, KernelModes.choose(true, HOTSPOT, "compiled mode", 16).mode());
  }

  @Test
  void shouldFallBackWithoutTheModule() {
    assertScalar(
        "module jdk.incubator.vector is missing: add --add-modules jdk.incubator.vector",
        KernelModes.choose(false, HOTSPOT, "mixed mode, sharing", 0));
  }

  @Test
  void shouldFallBackWithoutC2() {
    assertScalar(
        "the C2 compiler is off: interpreted mode, sharing",
        KernelModes.choose(true, HOTSPOT, "interpreted mode, sharing", 8));
    assertScalar(
        "the C2 compiler is off: mixed mode, emulated-client, sharing",
        KernelModes.choose(true, HOTSPOT, "mixed mode, emulated-client, sharing", 8));
    assertScalar(
        "the JVM is not HotSpot with its C2 compiler but Eclipse OpenJ9 VM",
        KernelModes.choose(true, "Eclipse OpenJ9 VM", "JRE 25", 8));
  }

  @Test
  void shouldFallBackOnNarrowVectors() {
    assertScalar(
        "the CPU's vectors hold 4 floats: expected 8 or more, as of AVX2",
        KernelModes.choose(true, HOTSPOT, "mixed mode, sharing", 4));
  }

  private static void assertScalar(final String reason, final KernelModes.Choice choice) {
    assertEquals(KernelMode.SCALAR, choice.mode());
    assertEquals(reason, choice.reason());
  }

  @Test
  void shouldDetectOnce() {
    assertSame(KernelModes.detect(), KernelModes.detect());
    assertTrue(KernelModes.detect().reason().length() > 10);
  }
}
