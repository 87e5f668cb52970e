package dev.gradus.tools.report;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files written whole or not at all: beside the place first, then moved there in one go. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content. */
  public interface Content {
    /** Writes to a stream that needs no closing. */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes a file; what was there before stays until the new content is complete and on disk.
   *
   * @throws GradusException where the file can't be written.
   */
  public static void write(final Path file, final Content content) {
    final Path temporary = temporaryBeside(file);
    try {
      writeAndSync(temporary, content);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (final IOException e) {
      throw cannotWrite(file, e);
    } finally {
      temporary.toFile().delete(); // what a failure left; nothing after the move
    }
  }

  private static void writeAndSync(final Path temporary, final Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      final OutputStream out = Channels.newOutputStream(channel);
      content.write(out);
      out.flush();
      channel.force(true);
    }
  }

  /**
   * Makes sure that a file can be written, leaving nothing behind; folders that are missing on the
   * way to it count as writable where they could be made.
   *
   * @throws GradusException where it can't.
   */
  public static void requireWritable(final Path file) {
    if (Files.isDirectory(file)) {
      throw GradusException.mismatch(file.toString(), "a file to write", "a folder");
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw GradusException.mismatch(file.toString(), "a folder to write in", folder + ", a file");
    }
    try {
      Files.delete(Files.createTempFile(folder, ".gradus", ".tmp"));
    } catch (final IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /**
   * Makes the folder of a file where it is missing.
   *
   * @throws GradusException where it can't be made.
   */
  public static void makeFolderOf(final Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().normalize().getParent());
    } catch (final IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static Path temporaryBeside(final Path file) {
    final String name =
        "." + file.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime();
    return file.resolveSibling(name + ".tmp");
  }

  private static GradusException cannotWrite(final Path file, final IOException e) {
    final String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return new GradusException(
        "cannot write " + file + ": expected=a place to write to, actual=" + reason, e);
  }
}
