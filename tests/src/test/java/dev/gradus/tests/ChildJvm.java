package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, with flags of its own. */
final class ChildJvm {
  private static final int LIMIT_MINUTES = 5;

  private ChildJvm() {}

  /**
   * Runs and waits.
   *
   * @return what it printed to standard output, stripped.
   */
  static String run(final Path folder, final Class<?> main, final String... flags)
      throws IOException, InterruptedException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    final Path out = folder.resolve("out.txt");
    final Path err = folder.resolve("err.txt");
    final Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES), "still running: " + command);
    } finally {
      process.destroyForcibly();
    }
    final String printed = Files.readString(out, StandardCharsets.UTF_8).strip();
    final String errors = Files.readString(err, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), String.join(" ", flags) + "\n" + printed + errors);
    return printed;
  }
}
