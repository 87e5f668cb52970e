package dev.gradus.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.blas.probe.Probe;
import dev.gradus.gemm.GemmSpec;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The library as a process of its own meets it: {@link Probe} on class and module path. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the OpenBLAS bindings are for Linux on x86-64")
final class ProcessTest {
  private static final int PROCESSES = 4;
  private static final String OPENBLAS = "org/bytedeco/openblas/linux-x86_64/libopenblas.so.0";

  @TempDir private Path folder;

  private record Outcome(int exit, List<String> out, String err) {}

  private static String placeOf(final Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static String jar() throws URISyntaxException {
    final String location =
        String.valueOf(ProcessTest.class.getClassLoader().getResource(OPENBLAS));
    return Path.of(new URI(location.substring(4, location.indexOf("!/")))).toString();
  }

  private Process start(final Map<String, String> environment, final List<String> arguments)
      throws IOException {
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dgradus.blas.cache=" + folder.resolve("cache"));
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("crash.log"));
    command.addAll(arguments);
    command.add(Probe.class.getName());
    final ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("OPENBLAS_CORETYPE");
    builder.environment().remove("OPENBLAS_L2_SIZE");
    builder.environment().putAll(environment);
    final int number = files("out").size();
    builder.redirectOutput(Files.createFile(folder.resolve(number + ".out")).toFile());
    builder.redirectError(folder.resolve(number + ".err").toFile());
    return builder.start();
  }

  private List<Path> files(final String ending) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.toString().endsWith("." + ending)).toList();
    }
  }

  private Outcome finish(final Process process, final int number)
      throws IOException, InterruptedException {
    final int exit = process.waitFor();
    final Path out = folder.resolve(number + ".out");
    final Path err = folder.resolve(number + ".err");
    return new Outcome(
        exit,
        Files.readAllLines(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private Outcome run(final Map<String, String> environment, final List<String> arguments)
      throws IOException, InterruptedException {
    return finish(start(environment, arguments), 0);
  }

  private static List<String> onTheClassPath() throws URISyntaxException {
    final String classPath =
        String.join(
            File.pathSeparator,
            placeOf(GemmSpec.class),
            placeOf(OpenBlasGemm.class),
            placeOf(Probe.class),
            jar());
    return List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath);
  }

  private static void assertWorks(final Outcome outcome) {
    assertEquals(0, outcome.exit(), outcome.toString());
    assertEquals("", outcome.err());
    assertEquals(3, outcome.out().size(), outcome.toString());
    assertTrue(outcome.out().get(0).startsWith("true OpenBLAS 0.3."), outcome.toString());
    assertEquals("element 200.0", outcome.out().get(1));
    // No thread but the one that loaded it.
    assertEquals("threads 1", outcome.out().get(2));
  }

  @Test
  void shouldWorkInSeveralProcessesThatUnpackAtTheSameTime() throws Exception {
    final List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(start(Map.of(), onTheClassPath()));
    }
    final List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      outcomes.add(finish(processes.get(i), i));
    }
    for (final Outcome outcome : outcomes) {
      assertWorks(outcome);
      assertEquals(outcomes.get(0), outcome);
    }
    try (Stream<Path> tree = Files.walk(folder.resolve("cache"))) {
      final List<String> names =
          tree.filter(Files::isRegularFile)
              .map(path -> String.valueOf(path.getFileName()))
              .sorted()
              .toList();
      assertEquals(List.of("libgfortran.so.5", "libopenblas.so.0", "libquadmath.so.0"), names);
    }
  }

  @Test
  void shouldWorkOnTheModulePath() throws Exception {
    final String modulePath =
        String.join(
            File.pathSeparator, placeOf(GemmSpec.class), placeOf(OpenBlasGemm.class), jar());
    final Outcome outcome =
        run(
            Map.of(),
            List.of(
                "--module-path",
                modulePath,
                "--add-modules=dev.gradus.blas",
                "--enable-native-access=dev.gradus.engine,dev.gradus.blas",
                "-cp",
                placeOf(Probe.class)));
    assertWorks(outcome);
    assertTrue(outcome.out().get(0).contains("from org.bytedeco:openblas ("), outcome.toString());
  }

  @Test
  void shouldSayWhenNativeAccessIsDenied() throws Exception {
    final String modulePath =
        String.join(
            File.pathSeparator, placeOf(GemmSpec.class), placeOf(OpenBlasGemm.class), jar());
    final Outcome outcome =
        run(
            Map.of(),
            List.of(
                "--module-path",
                modulePath,
                "--add-modules=dev.gradus.blas",
                "--enable-native-access=dev.gradus.engine",
                "--illegal-native-access=deny",
                "-cp",
                placeOf(Probe.class)));
    assertEquals(0, outcome.exit(), outcome.toString());
    assertEquals("", outcome.err());
    assertEquals(1, outcome.out().size(), outcome.toString());
    assertTrue(
        outcome
            .out()
            .get(0)
            .startsWith("false native access: expected=--enable-native-access=dev.gradus.blas"),
        outcome.toString());
  }

  @Test
  void shouldRefuseAForcedCoreTypeRatherThanEndTheProcess() throws Exception {
    // Its kernels use instructions that only AMD's CPUs of 2011 to 2015 have.
    final Outcome outcome = run(Map.of("OPENBLAS_CORETYPE", "Bulldozer"), onTheClassPath());
    assertEquals(0, outcome.exit(), outcome.toString());
    assertFalse(outcome.out().isEmpty(), outcome.toString());
    if (outcome.out().get(0).startsWith("true")) {
      assertWorks(outcome);
    } else {
      assertTrue(
          outcome.out().get(0).contains("actual=Bulldozer, which needs"), outcome.toString());
    }
  }

  @Test
  void shouldRemarkOnAForcedCoreType() throws Exception {
    final Outcome outcome = run(Map.of("OPENBLAS_CORETYPE", "Nehalem"), onTheClassPath());
    assertWorks(outcome);
    assertTrue(outcome.out().get(0).contains("core type Nehalem"), outcome.toString());
    assertTrue(outcome.out().get(0).endsWith(": OPENBLAS_CORETYPE=Nehalem"), outcome.toString());
  }

  @Test
  void shouldSayThatANamedLibraryIsNotOpenBlas() throws Exception {
    final Path other = folder.resolve("libother.so");
    try (var in =
        ProcessTest.class
            .getClassLoader()
            .getResourceAsStream(OPENBLAS.replace("libopenblas", "libquadmath"))) {
      Files.copy(in, other);
    }
    final List<String> arguments = new ArrayList<>(onTheClassPath());
    arguments.add("-Dgradus.blas.library=" + other);
    final Outcome outcome = run(Map.of(), arguments);
    assertEquals(0, outcome.exit(), outcome.toString());
    assertEquals(
        List.of(
            "false functions of "
                + other
                + " from property gradus.blas.library mismatch: expected=openblas_set_num_threads,"
                + " actual=a library without it, so not OpenBLAS"),
        outcome.out());
  }
}
