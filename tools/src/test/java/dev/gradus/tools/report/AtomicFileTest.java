package dev.gradus.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] bytes(final String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldReplaceAFile() throws IOException {
    final Path file = folder.resolve("file");
    AtomicFile.write(file, out -> out.write(bytes("first")));
    AtomicFile.write(file, out -> out.write(bytes("second")));
    assertEquals("second", Files.readString(file));
    assertEquals(List.of("file"), names());
  }

  @Test
  void shouldLeaveTheOldContentWhereWritingFails() throws IOException {
    final Path file = Files.writeString(folder.resolve("file"), "old");
    final AtomicFile.Content failing =
        out -> {
          out.write(bytes("half"));
          throw new IOException("disk full");
        };
    final GradusException e =
        assertThrows(GradusException.class, () -> AtomicFile.write(file, failing));
    assertTrue(e.getMessage().contains("cannot write " + file), e.getMessage());
    assertTrue(e.getMessage().contains("disk full"), e.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("file"), names());
  }

  @Test
  void shouldTellWhatCanBeWrittenAndLeaveNothingBehind() throws IOException {
    AtomicFile.requireWritable(folder.resolve("new"));
    AtomicFile.requireWritable(folder.resolve("a/b/c/new"));
    assertEquals(List.of(), names());
  }

  @Test
  void shouldTellWhatCannotBeWritten() throws IOException {
    final Path file = Files.writeString(folder.resolve("file"), "");
    assertTrue(
        assertThrows(GradusException.class, () -> AtomicFile.requireWritable(folder))
            .getMessage()
            .contains("expected=a file to write, actual=a folder"));
    final Path below = file.resolve("below");
    assertTrue(
        assertThrows(GradusException.class, () -> AtomicFile.requireWritable(below))
            .getMessage()
            .contains("expected=a folder to write in, actual=" + file + ", a file"));
  }

  @Test
  void shouldMakeFolders() {
    AtomicFile.makeFolderOf(folder.resolve("a/b/file"));
    assertTrue(Files.isDirectory(folder.resolve("a/b")));
  }
}
