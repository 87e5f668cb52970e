package dev.gradus.blas.library;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A loaded library. It stays loaded until the process ends.
 *
 * @param symbols its functions.
 * @param source which of the places it comes from.
 * @param path the file as it was opened.
 * @param note what is worth knowing about how it was found, or empty.
 */
public record NativeLibrary(SymbolLookup symbols, Source source, String path, String note) {
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  /** Where a library can come from, in the order tried. */
  public enum Source {
    /** The file named by {@link LibraryLoader#LIBRARY_PROPERTY}. */
    PROPERTY("property " + LibraryLoader.LIBRARY_PROPERTY),
    /** The jar of {@code org.bytedeco:openblas}. */
    JAR("org.bytedeco:openblas"),
    /** The system's loader. */
    SYSTEM("the system");

    private final String words;

    Source(final String words) {
      this.words = words;
    }

    /** In words, to follow "from". */
    public String words() {
      return words;
    }
  }

  /**
   * Loads a file.
   *
   * @throws GradusException with the system's reason where it can't be loaded.
   */
  static NativeLibrary open(final Path file, final Source source, final String note) {
    final String path = file.toAbsolutePath().toString();
    if (!Files.exists(file)) {
      throw GradusException.mismatch("library file", "a shared library", path + " (no such file)");
    }
    if (!Files.isRegularFile(file)) {
      throw GradusException.mismatch("library file", "a shared library", path + " (not a file)");
    }
    requireElf(file, path);
    try {
      return new NativeLibrary(lookup(file), source, path, note);
    } catch (final IllegalArgumentException e) {
      throw new GradusException(
          "library file mismatch: expected=a shared library, actual=" + reason(path), e);
    }
  }

  /**
   * Loads a library by the name the system's loader knows.
   *
   * @throws GradusException where there is none.
   */
  @SuppressWarnings("restricted") // this module's purpose
  static NativeLibrary openSystem(final String name) {
    try {
      final SymbolLookup symbols = SymbolLookup.libraryLookup(name, Arena.global());
      return new NativeLibrary(symbols, Source.SYSTEM, name, "");
    } catch (final IllegalArgumentException e) {
      throw new GradusException(
          "system library: expected=" + name + ", actual=none that can be loaded", e);
    }
  }

  @SuppressWarnings("restricted") // this module's purpose
  private static SymbolLookup lookup(final Path file) {
    return SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
  }

  /** Said here, because the JVM warns of executable stacks when it is handed any other file. */
  private static void requireElf(final Path file, final String path) {
    final byte[] first;
    try (InputStream in = Files.newInputStream(file)) {
      first = in.readNBytes(ELF.length);
    } catch (final IOException e) {
      throw new GradusException(
          "library file mismatch: expected=a shared library, actual=" + path + " (" + e + ")", e);
    }
    if (!Arrays.equals(first, ELF)) {
      throw GradusException.mismatch(
          "library file", "a shared library", path + " (not an ELF file)");
    }
  }

  /** A lookup that fails does not say why; the older way of loading does. */
  @SuppressWarnings("restricted") // this module's purpose
  private static String reason(final String path) {
    try {
      System.load(path);
      return path + " (loaded at the second attempt only)";
    } catch (final UnsatisfiedLinkError e) {
      final String message = String.valueOf(e.getMessage());
      return message.startsWith(path) ? message : path + " (" + message + ")";
    }
  }
}
