package dev.gradus.blas.library;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Looks for OpenBLAS, in this order:
 *
 * <ol>
 *   <li>the file named by the property {@value #LIBRARY_PROPERTY}; where it is set, nothing else is
 *       tried;
 *   <li>the jar of {@code org.bytedeco:openblas}, unpacked into the {@linkplain LibraryCache cache}
 *       in {@value #CACHE_PROPERTY}, else in {@code $XDG_CACHE_HOME/gradus} or {@code
 *       ~/.cache/gradus}; where that can't be used, into a folder for this process alone, which is
 *       deleted as soon as the library is loaded;
 *   <li>{@value #SYSTEM_NAME} of the system.
 * </ol>
 *
 * @param properties what the process's system properties are.
 * @param environment what the process's environment is.
 * @param classes whose class path may hold the jar.
 * @param systemName the name for the system's loader.
 */
record LibraryLoader(
    Properties properties,
    Map<String, String> environment,
    ClassLoader classes,
    String systemName) {
  /** A path to the library. */
  static final String LIBRARY_PROPERTY = "gradus.blas.library";

  /** A folder to unpack into. */
  static final String CACHE_PROPERTY = "gradus.blas.cache";

  /** What packages of Linux distributions install. */
  static final String SYSTEM_NAME = "libopenblas.so.0";

  private static final System.Logger LOG = System.getLogger(LibraryLoader.class.getName());

  /** Loads the first there is. */
  NativeLibrary load() {
    requireLinux();
    CoreType.requireForcedToRun(environment, CpuFlags.ofThisMachine());
    final String named = properties.getProperty(LIBRARY_PROPERTY);
    if (named != null) {
      return loadNamed(named);
    }
    String jar;
    try {
      final List<BundledFile> files =
          BundledLibraries.find(classes, properties.getProperty("jdk.module.path"));
      if (!files.isEmpty()) {
        return loadBundled(files);
      }
      jar = "not on the class or module path";
    } catch (final IOException | GradusException e) {
      jar = message(e);
    }
    try {
      final NativeLibrary system = NativeLibrary.openSystem(systemName);
      return new NativeLibrary(
          system.symbols(), system.source(), system.path(), "org.bytedeco:openblas: " + jar);
    } catch (final GradusException e) {
      throw new GradusException(
          "no OpenBLAS: expected=property "
              + LIBRARY_PROPERTY
              + ", the jar of org.bytedeco:openblas, or a system library, actual=property not set;"
              + " jar: "
              + jar
              + "; "
              + e.getMessage(),
          e);
    }
  }

  private void requireLinux() {
    final String system = properties.getProperty("os.name");
    final String processor = properties.getProperty("os.arch");
    if (!"Linux".equals(system) || !"amd64".equals(processor)) {
      throw GradusException.mismatch(
          "platform of the OpenBLAS bindings", "Linux amd64", system + " " + processor);
    }
  }

  private static NativeLibrary loadNamed(final String named) {
    try {
      return NativeLibrary.open(Path.of(named), NativeLibrary.Source.PROPERTY, "");
    } catch (final GradusException | InvalidPathException e) {
      throw new GradusException("property " + LIBRARY_PROPERTY + ": " + e.getMessage(), e);
    }
  }

  private NativeLibrary loadBundled(final List<BundledFile> files) throws IOException {
    String why;
    final Path root = cacheRoot();
    if (root == null) {
      why = "no home folder to keep it in";
    } else {
      try {
        return loadAll(LibraryCache.unpack(files, root), "");
      } catch (final IOException | GradusException e) {
        // Not writable, full, or mounted without the right to execute.
        why = "can't be kept in " + root + " (" + message(e) + ")";
      }
    }
    final Path own = Files.createTempDirectory("gradus-openblas-");
    try {
      return loadAll(LibraryCache.unpack(files, own), why);
    } catch (final IOException | GradusException e) {
      throw new IOException(why + "; nor in " + own + " (" + message(e) + ")", e);
    } finally {
      delete(own);
    }
  }

  private static NativeLibrary loadAll(final Path folder, final String note) {
    NativeLibrary last = null;
    for (final String name : BundledLibraries.NAMES) {
      last = NativeLibrary.open(folder.resolve(name), NativeLibrary.Source.JAR, note);
    }
    return last;
  }

  /** The folder to unpack into, or null where the process has no home. */
  private Path cacheRoot() {
    final String named = properties.getProperty(CACHE_PROPERTY);
    if (named != null) {
      return Path.of(named).toAbsolutePath();
    }
    final String caches = environment.get("XDG_CACHE_HOME");
    if (caches != null && Path.of(caches).isAbsolute()) {
      return Path.of(caches, "gradus");
    }
    final String home = properties.getProperty("user.home");
    return home != null && Path.of(home).isAbsolute() ? Path.of(home, ".cache", "gradus") : null;
  }

  /** Linux keeps what is loaded when its file goes. */
  private static void delete(final Path folder) {
    final List<Path> paths = new ArrayList<>();
    try (var found = Files.walk(folder)) {
      found.forEach(paths::add);
      for (final Path path : paths.reversed()) {
        Files.delete(path);
      }
    } catch (final IOException e) {
      LOG.log(System.Logger.Level.WARNING, "temporary folder left behind: {0}", message(e));
    }
  }

  private static String message(final Exception e) {
    return e instanceof GradusException ? e.getMessage() : e.toString();
  }
}
