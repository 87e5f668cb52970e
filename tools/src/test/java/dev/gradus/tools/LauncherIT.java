package dev.gradus.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a user starts it: the launcher, the jars, a JVM of its own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
final class LauncherIT {
  private static final String INCUBATOR = "WARNING: Using incubator modules: jdk.incubator.vector";
  private static final long MOST_SECONDS = 120;
  private static final long SIGINT_MASK = 1L << (2 - 1);

  @TempDir private Path folder;
  private Path launcher;

  @BeforeEach
  void linkTheLauncher() throws IOException {
    final Path elsewhere = Files.createDirectory(folder.resolve("some where"));
    launcher = elsewhere.resolve("my gradus");
    Files.createSymbolicLink(launcher, Path.of(System.getProperty("gradus.launcher")));
  }

  /** So that nothing follows it when the folder goes. */
  @AfterEach
  void removeTheLink() throws IOException {
    Files.delete(launcher);
  }

  /** What a process left. */
  private record Ended(int exitCode, List<String> out, List<String> err) {}

  private ProcessBuilder builder(final String... arguments) {
    final List<String> command =
        Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList();
    final ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.redirectError(folder.resolve("err").toFile());
    return builder;
  }

  private Ended run(final ProcessBuilder builder) throws IOException, InterruptedException {
    builder.redirectOutput(folder.resolve("out").toFile());
    return ended(builder.start());
  }

  private Ended ended(final Process process) throws IOException, InterruptedException {
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("still running after " + MOST_SECONDS + " s: " + process.info());
    }
    final Path out = folder.resolve("out");
    return new Ended(
        process.exitValue(),
        Files.exists(out) ? Files.readAllLines(out) : List.of(),
        Files.readAllLines(folder.resolve("err")));
  }

  private static void assertQuiet(final Ended ended) {
    assertTrue(ended.err.isEmpty() || ended.err.equals(List.of(INCUBATOR)), ended.err.toString());
  }

  @Test
  void shouldRunFromAnywhereThroughALink() throws IOException, InterruptedException {
    final Ended version = run(builder("--version"));
    assertEquals(0, version.exitCode, version.toString());
    assertTrue(version.out.get(0).startsWith("Gradus "), version.toString());
    assertQuiet(version);
  }

  @Test
  void shouldPassArgumentsOnUntouched() throws IOException, InterruptedException {
    final Ended trained = run(builder("train", "--epochs", "1", "--out", "a  b*$HOME"));
    assertEquals(0, trained.exitCode, trained.toString());
    assertTrue(Files.exists(folder.resolve("a  b*$HOME/model.safetensors")), trained.toString());
    assertQuiet(trained);
  }

  @Test
  void shouldEndWithTheExitCodeAndOneLine() throws IOException, InterruptedException {
    final Ended usage = run(builder("train", "--batch", "0"));
    assertEquals(2, usage.exitCode, usage.toString());
    assertEquals(
        List.of("gradus: batch out of range: expected=1 or more, actual=0"),
        usage.err.stream().filter(line -> !line.equals(INCUBATOR)).toList());
    final Ended failed = run(builder("train", "--data", "nothing here"));
    assertEquals(1, failed.exitCode, failed.toString());
    assertEquals(
        List.of(
            "gradus: cannot read nothing here: expected=a file or folder, actual=nothing of that"
                + " name"),
        failed.err.stream().filter(line -> !line.equals(INCUBATOR)).toList());
  }

  /** A process started in the background of a script ignores Ctrl-C, and so do its children. */
  private static boolean isIgnored(final String signal) throws IOException {
    final Path status = Path.of("/proc/self/status");
    if (!signal.equals("INT") || !Files.exists(status)) {
      return false;
    }
    for (final String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT_MASK) != 0;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void shouldStopAfterTheStepAndSaveOnInterrupt(final String signal)
      throws IOException, InterruptedException {
    assumeFalse(isIgnored(signal), "the tests were started with SIGINT ignored");
    final Path out = folder.resolve(signal);
    final Process process =
        builder("train", "--epochs", "10000000", "--out", out.toString()).start();
    final StringBuilder seen = new StringBuilder();
    try (BufferedReader reader = process.inputReader()) {
      String line = reader.readLine();
      while (line != null) {
        seen.append(line).append('\n');
        if (line.startsWith("epoch 2/")) {
          assertEquals(
              0,
              new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                  .start()
                  .waitFor());
        }
        line = reader.readLine();
      }
    }
    final Ended stopped = ended(process);
    assertEquals(0, stopped.exitCode, seen.toString());
    assertTrue(seen.toString().contains("stopped after step"), seen.toString());
    assertTrue(seen.toString().contains("\ntest "), seen.toString());
    assertTrue(Files.exists(out.resolve("training.png")), seen.toString());
    assertQuiet(stopped);
    final Ended score =
        run(builder("evaluate", "--from", out + "/model.safetensors", "--data", "digits"));
    assertEquals(0, score.exitCode, score.toString());
  }

  @Test
  void shouldSayWhereTheJdkNamedIsNone() throws IOException, InterruptedException {
    final ProcessBuilder builder = builder("--version");
    builder.environment().put("GRADUS_JAVA_HOME", folder.toString());
    final Ended ended = run(builder);
    assertEquals(1, ended.exitCode, ended.toString());
    assertEquals(
        List.of(
            "gradus: GRADUS_JAVA_HOME mismatch: expected=the folder of a JDK 25, actual=" + folder),
        ended.err);
  }
}
