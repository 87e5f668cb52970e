package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The vector code of both widths on every machine: a JVM of its own with a {@code Lanes} of that
 * width. Where the CPU has no such vectors they are objects, slow and right.
 */
final class VectorWidthTest {
  private static final Path LANES = Path.of("src/main/java/dev/gradus/kernel/Lanes.java");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"256, java 5x16 256-bit", "512, java 11x32 512-bit"})
  void shouldGiveTheScalarBits(final int bits, final String description)
      throws IOException, InterruptedException {
    // Surefire's own class path is a jar that names this one.
    final String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    compileLanes(bits, classPath);
    final Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder + System.getProperty("path.separator") + classPath,
                VectorWidthCheck.class.getName())
            .redirectErrorStream(true)
            .start();
    final String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("same bits: " + description), output);
  }

  private void compileLanes(final int bits, final String classPath) throws IOException {
    final String preferred = Files.readString(LANES);
    assertTrue(preferred.contains("SPECIES_PREFERRED"), "Lanes no longer asks for the width");
    final Path source = folder.resolve("Lanes.java");
    Files.writeString(source, preferred.replace("SPECIES_PREFERRED", "SPECIES_" + bits));
    final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    final List<String> arguments =
        List.of(
            "-nowarn",
            "--add-modules=jdk.incubator.vector",
            "-proc:none",
            "-cp",
            classPath,
            "-d",
            folder.toString(),
            source.toString());
    final int result =
        compiler.run(null, null, OutputStream.nullOutputStream(), arguments.toArray(String[]::new));
    assertEquals(0, result, "compiling Lanes");
  }
}
