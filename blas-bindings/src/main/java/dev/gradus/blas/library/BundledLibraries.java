package dev.gradus.blas.library;

import java.io.File;
import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The libraries in the jar of {@code org.bytedeco:openblas}, looked for on the class path and among
 * the resolved modules, then in the jars of the module path: nobody requires that module, and it
 * requires one that Gradus has no use for, so it is not resolved where it lies on the module path.
 */
final class BundledLibraries {
  /** In the order of loading: each needs those before it. */
  static final List<String> NAMES =
      List.of("libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

  private static final String FOLDER = "org/bytedeco/openblas/linux-x86_64/";
  private static final String MODULE = "org.bytedeco.openblas.linux.x86_64";

  private BundledLibraries() {}

  /**
   * Finds them.
   *
   * @param modulePath the value of {@code jdk.module.path}, or null.
   * @return all in the order of loading; none where the jar is not there.
   * @throws IOException where the jar is there and can't be read or lacks one of them.
   */
  static List<BundledFile> find(final ClassLoader classes, final String modulePath)
      throws IOException {
    final List<BundledFile> files = new ArrayList<>();
    for (final String name : NAMES) {
      final URL location = classes.getResource(FOLDER + name);
      if (location != null) {
        files.add(BundledFile.of(name, location));
      }
    }
    if (files.isEmpty() && modulePath != null) {
      addFromModulePath(files, modulePath);
    }
    if (!files.isEmpty() && files.size() < NAMES.size()) {
      final List<String> found = files.stream().map(BundledFile::name).toList();
      throw new IOException("files in the jar: expected=" + NAMES + ", actual=" + found);
    }
    return List.copyOf(files);
  }

  private static void addFromModulePath(final List<BundledFile> files, final String modulePath)
      throws IOException {
    final List<Path> entries = new ArrayList<>();
    for (final String entry : modulePath.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        entries.add(Path.of(entry));
      }
    }
    final Optional<ModuleReference> module;
    try {
      module = ModuleFinder.of(entries.toArray(Path[]::new)).find(MODULE);
    } catch (final FindException e) {
      throw new IOException("module path: " + e.getMessage(), e);
    }
    if (module.isEmpty()) {
      return;
    }
    try (ModuleReader reader = module.get().open()) {
      for (final String name : NAMES) {
        final Optional<URI> location = reader.find(FOLDER + name);
        if (location.isPresent()) {
          files.add(BundledFile.of(name, location.get().toURL()));
        }
      }
    }
  }
}
