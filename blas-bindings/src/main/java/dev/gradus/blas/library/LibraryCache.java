package dev.gradus.blas.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Unpacks bundled libraries into a folder that all processes of a user share.
 *
 * <ul>
 *   <li>The folder's name is the SHA-256 of the names, lengths and CRC-32 sums of what it holds:
 *       another version has another folder.
 *   <li>A file that is there and has the right content is used. Any other, half written or damaged,
 *       is replaced.
 *   <li>A file is written under a name of its own beside its place and moved there in one step.
 *       Processes that do so at the same time put the same content in place; one that has the file
 *       open keeps what it opened. So no lock is needed, and a killed process leaves none behind.
 * </ul>
 */
final class LibraryCache {
  private LibraryCache() {}

  /**
   * Makes sure that the files are there.
   *
   * @param root what holds the folders; made, for this user alone, where it is missing.
   * @return the folder.
   */
  static Path unpack(final List<BundledFile> files, final Path root) throws IOException {
    final Path folder = root.resolve("openblas-" + sha256(files));
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (final BundledFile file : files) {
      final Path place = folder.resolve(file.name());
      if (!isIntact(file, place)) {
        unpack(file, place);
      }
    }
    return folder;
  }

  private static boolean isIntact(final BundledFile file, final Path place) throws IOException {
    try {
      if (Files.size(place) != file.bytes()) {
        return false;
      }
      try (InputStream in = Files.newInputStream(place)) {
        return file.hasContent(in);
      }
    } catch (final NoSuchFileException e) {
      return false;
    }
  }

  private static void unpack(final BundledFile file, final Path place) throws IOException {
    final Path part = Files.createTempFile(place.getParent(), file.name(), ".part");
    try {
      try (InputStream in = file.open();
          OutputStream out = Files.newOutputStream(part)) {
        in.transferTo(out);
      }
      if (!isIntact(file, part)) {
        throw new IOException(
            file.location()
                + " is damaged: expected="
                + file.bytes()
                + " bytes of CRC-32 "
                + Long.toHexString(file.crc())
                + ", actual="
                + Files.size(part)
                + " other bytes");
      }
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String sha256(final List<BundledFile> files) {
    final StringBuilder content = new StringBuilder();
    for (final BundledFile file : files) {
      content.append(file.name()).append(' ').append(file.bytes()).append(' ');
      content.append(Long.toHexString(file.crc())).append('\n');
    }
    try {
      final MessageDigest digest = MessageDigest.getInstance("SHA-256");
      final byte[] sum = digest.digest(content.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sum);
    } catch (final NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
