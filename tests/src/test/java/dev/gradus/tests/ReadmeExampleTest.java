package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles, runs and prints what it says. */
final class ReadmeExampleTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- example -->\\s*```java\\n(.*?)```", Pattern.DOTALL);

  private static final List<String> IMPORTS = List.of("loss", "memory", "nn", "optim", "plan");

  @TempDir private Path folder;

  @Test
  void shouldDoWhatItSays() throws IOException, InterruptedException {
    final String readme = Files.readString(Path.of("../README.md"), StandardCharsets.UTF_8);
    final Matcher example = EXAMPLE.matcher(readme);
    assertTrue(example.find(), "README.md has no java block behind <!-- example -->");
    final StringBuilder source = new StringBuilder();
    for (final String room : IMPORTS) {
      source.append("import dev.gradus.").append(room).append(".*;\n");
    }
    source.append("public class Example { public static void main(String[] args) {\n");
    final Path file = folder.resolve("Example.java");
    Files.writeString(file, source + example.group(1) + "} }\n", StandardCharsets.UTF_8);
    final String classPath = System.getProperty("java.class.path");
    final int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", classPath, "-d", folder.toString(), file.toString());
    assertEquals(0, failed, "javac's exit status");
    final Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder + System.getProperty("path.separator") + classPath,
                "Example")
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    final String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    final int status = process.waitFor();
    assertEquals(0, status, Files.readString(folder.resolve("err.txt"), StandardCharsets.UTF_8));
    assertEquals("true", printed.strip());
  }
}
