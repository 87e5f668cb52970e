package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files, packed by gzip or not, and says in one line what is wrong with one. */
final class DataFile {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  private DataFile() {}

  /** What is made of a file's content. */
  interface Content<T> {
    T read(InputStream in) throws IOException;
  }

  /**
   * Reads a file; one whose first two bytes are gzip's is unpacked, whatever its name.
   *
   * @throws GradusException where it can't be read or unpacked.
   */
  static <T> T read(final Path file, final Content<T> content) {
    if (Files.isDirectory(file)) {
      throw GradusException.mismatch(file.toString(), "a file", "a folder");
    }
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = unpacked(raw)) {
      return content.read(in);
    } catch (final EOFException | ZipException e) {
      throw new GradusException(
          file + " mismatch: expected=a whole gzip file, actual=a damaged one: " + e.getMessage(),
          e);
    } catch (final IOException e) {
      throw new GradusException("cannot read " + file + ": " + reason(e), e);
    }
  }

  /** What went wrong, in words. */
  static String reason(final IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "expected=a file or folder, actual=nothing of that name";
      case AccessDeniedException denied -> "expected=permission to read it, actual=none";
      case CharacterCodingException coding -> "expected=text in UTF-8, actual=other bytes";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  /** The content itself, or what gzip packed. */
  static InputStream unpacked(final InputStream raw) throws IOException {
    final BufferedInputStream in = new BufferedInputStream(raw, BUFFER_BYTES);
    in.mark(2);
    final boolean packed = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
    in.reset();
    return packed
        ? new BufferedInputStream(new GZIPInputStream(in, BUFFER_BYTES), BUFFER_BYTES)
        : in;
  }

  /** The first bytes of the content, fewer where it is shorter. */
  static byte[] head(final Path file, final int count) {
    return read(file, in -> in.readNBytes(count));
  }
}
