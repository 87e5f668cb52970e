package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.gemm.generated.MicroKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MicroKernelGeneratorTest {
  private static final Path FOLDER = Path.of("src/main/java/dev/gradus/gemm/generated");

  @Test
  void shouldHaveWrittenTheSourcesAsTheyAre() throws IOException {
    for (final Map.Entry<String, String> type : MicroKernelGenerator.sources().entrySet()) {
      final String actual = Files.readString(FOLDER.resolve(type.getKey() + ".java"));
      assertEquals(type.getValue(), actual, type.getKey());
    }
  }

  @Test
  void shouldBeTheOnlyAuthorOfThePackage() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      final TreeSet<String> actual =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      actual.remove("package-info");
      assertEquals(new TreeSet<>(MicroKernelGenerator.sources().keySet()), actual);
    }
  }

  @Test
  void shouldHaveAKernelForEveryTile() {
    assertEquals(MicroKernelGenerator.MAX_ROWS, MicroKernels.MAX_ROWS);
  }
}
