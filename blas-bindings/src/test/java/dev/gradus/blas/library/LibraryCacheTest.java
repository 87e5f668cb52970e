package dev.gradus.blas.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "the OpenBLAS bindings are for Linux")
final class LibraryCacheTest {
  private static final int BYTES = 200_000;

  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void chooseRoot() {
    root = folder.resolve("caches").resolve("gradus");
  }

  /** A file of random bytes as it would lie on the class path. */
  private BundledFile bundled(final String name, final long seed) throws IOException {
    final byte[] content = new byte[BYTES];
    new SplittableRandom(seed).nextBytes(content);
    final Path original = Files.write(folder.resolve(name + "." + seed), content);
    return BundledFile.of(name, original.toUri().toURL());
  }

  private List<BundledFile> twoFiles() throws IOException {
    return List.of(bundled("liba.so", 1), bundled("libb.so", 2));
  }

  private static Object identity(final Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static byte[] content(final BundledFile file) throws IOException {
    try (var in = file.open()) {
      return in.readAllBytes();
    }
  }

  private static List<String> names(final Path folder) throws IOException {
    final List<String> names = new ArrayList<>();
    try (Stream<Path> paths = Files.list(folder)) {
      paths.sorted().forEach(path -> names.add(String.valueOf(path.getFileName())));
    }
    return names;
  }

  @Test
  void shouldUnpackEachFileAndNothingElse() throws IOException {
    final List<BundledFile> files = twoFiles();
    final Path unpacked = LibraryCache.unpack(files, root);
    assertEquals(List.of("liba.so", "libb.so"), names(unpacked));
    for (final BundledFile file : files) {
      assertArrayEquals(content(file), Files.readAllBytes(unpacked.resolve(file.name())));
    }
  }

  @Test
  void shouldNameTheFolderByTheContent() throws IOException {
    final Path unpacked = LibraryCache.unpack(twoFiles(), root);
    assertEquals(root, unpacked.getParent());
    final String name = String.valueOf(unpacked.getFileName());
    assertTrue(name.matches("openblas-[0-9a-f]{64}"), name);
    assertEquals(unpacked, LibraryCache.unpack(twoFiles(), root));
    final List<BundledFile> others = List.of(bundled("liba.so", 1), bundled("libb.so", 3));
    assertNotEquals(unpacked, LibraryCache.unpack(others, root));
  }

  @Test
  void shouldUnpackOnce() throws IOException {
    final List<BundledFile> files = twoFiles();
    final Path place = LibraryCache.unpack(files, root).resolve("liba.so");
    final Object before = identity(place);
    LibraryCache.unpack(files, root);
    assertEquals(before, identity(place));
  }

  @Test
  void shouldReplaceAHalfWrittenFile() throws IOException {
    final List<BundledFile> files = twoFiles();
    final Path place = LibraryCache.unpack(files, root).resolve("libb.so");
    final byte[] right = Files.readAllBytes(place);
    Files.write(place, Arrays.copyOf(right, BYTES / 2));
    LibraryCache.unpack(files, root);
    assertArrayEquals(right, Files.readAllBytes(place));
  }

  @Test
  void shouldReplaceADamagedFileOfTheRightLength() throws IOException {
    final List<BundledFile> files = twoFiles();
    final Path place = LibraryCache.unpack(files, root).resolve("libb.so");
    final byte[] right = Files.readAllBytes(place);
    final byte[] wrong = right.clone();
    wrong[BYTES - 7] ^= 1;
    Files.write(place, wrong);
    final Object before = identity(place);
    LibraryCache.unpack(files, root);
    assertArrayEquals(right, Files.readAllBytes(place));
    // Another file in its place: a process that has the old one mapped keeps it.
    assertNotEquals(before, identity(place));
  }

  @Test
  void shouldPutNothingInPlaceFromADamagedJar() throws IOException {
    final BundledFile good = bundled("liba.so", 1);
    final BundledFile bad =
        new BundledFile("libb.so", bundled("libb.so", 2).location(), BYTES, 0xabcL);
    final IOException thrown =
        assertThrows(IOException.class, () -> LibraryCache.unpack(List.of(good, bad), root));
    assertTrue(
        thrown.getMessage().contains("is damaged: expected=200000 bytes of CRC-32 abc"),
        thrown.getMessage());
    try (Stream<Path> folders = Files.list(root)) {
      assertEquals(List.of("liba.so"), names(folders.findFirst().orElseThrow()));
    }
  }

  @Test
  void shouldSayWhichFolderCannotBeMade() throws IOException {
    final Path file = Files.writeString(folder.resolve("file"), "not a folder");
    final IOException thrown =
        assertThrows(
            IOException.class, () -> LibraryCache.unpack(twoFiles(), file.resolve("cache")));
    assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
  }
}
