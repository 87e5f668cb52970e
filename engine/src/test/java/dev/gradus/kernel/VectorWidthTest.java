package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Both widths of vectors on every machine, in a JVM with a {@code Lanes} of that width. Where the
 * CPU has no such vectors they are objects, slow and right.
 */
final class VectorWidthTest {
  private static final Path LANES = Path.of("src/main/java/dev/gradus/kernel/Lanes.java");

  @TempDir private Path folder;

  /** Runs in the other JVM. */
  public static void main(final String[] arguments) {
    System.out.println(Lanes.COUNT + " lanes, hash " + AllKernels.hash(KernelMode.VECTOR));
  }

  @ParameterizedTest
  @CsvSource({"128, 8", "256, 8", "512, 16"})
  void shouldGiveTheScalarBits(final int preferredBits, final int lanes)
      throws IOException, InterruptedException {
    final String preferred = Files.readString(LANES);
    assertTrue(preferred.contains("SPECIES_PREFERRED"), "Lanes no longer asks for the width");
    final Path source = folder.resolve("Lanes.java");
    Files.writeString(source, preferred.replace("SPECIES_PREFERRED", "SPECIES_" + preferredBits));
    final List<String> arguments =
        List.of(
            "-nowarn",
            "--add-modules=jdk.incubator.vector",
            "-proc:none",
            "-cp",
            OtherJvm.classPath(),
            "-d",
            folder.toString(),
            source.toString());
    final int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                arguments.toArray(String[]::new));
    assertEquals(0, result, "compiling Lanes");
    final String classPath = folder + File.pathSeparator + OtherJvm.classPath();
    final String output =
        OtherJvm.run(VectorWidthTest.class, classPath, "--add-modules=jdk.incubator.vector");
    final int hash = AllKernels.hash(KernelMode.SCALAR);
    assertTrue(output.contains(lanes + " lanes, hash " + hash), hash + " expected: " + output);
  }
}
