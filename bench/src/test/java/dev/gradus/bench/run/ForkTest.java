package dev.gradus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ForkTest {
  private static final Path FILE = Path.of("file");

  private static ProcessBuilder builder(final boolean avx2) {
    return new Fork(List.of(), "classes", avx2)
        .builder("X.y", List.of(), Map.of("OPENBLAS_NUM_THREADS", "1"), FILE, FILE);
  }

  /** The machine's flags as a JVM sees them that a fork's variables reach. */
  private static String flags(final boolean avx2) throws IOException, InterruptedException {
    final ProcessBuilder fork = builder(avx2);
    final ProcessBuilder java =
        new ProcessBuilder(fork.command().getFirst(), "-XX:+PrintFlagsFinal", "-version");
    java.environment().clear();
    java.environment().putAll(fork.environment());
    final Process process = java.redirectErrorStream(true).start();
    final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  @Test
  void shouldHoldJvmAndPeersToAvx2() throws IOException, InterruptedException {
    final Map<String, String> environment = builder(true).environment();
    assertEquals("Haswell", environment.get("OPENBLAS_CORETYPE"));
    assertEquals("1", environment.get("OPENBLAS_NUM_THREADS"));
    assertTrue(flags(true).contains("JDK_JAVA_OPTIONS: -XX:UseAVX=2"));
    assertFalse(flags(true).matches("(?s).* UseAVX +=+ 3.*"));
  }

  @Test
  void shouldTakeTheMachineAsItIsOtherwise() {
    final Map<String, String> environment = builder(false).environment();
    assertFalse(environment.containsKey("OPENBLAS_CORETYPE"));
    assertFalse(environment.getOrDefault("JDK_JAVA_OPTIONS", "").contains("UseAVX"));
  }
}
