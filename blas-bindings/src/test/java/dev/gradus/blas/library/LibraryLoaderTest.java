package dev.gradus.blas.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.blas.library.NativeLibrary.Source;
import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The order of loading. Instead of OpenBLAS it loads the smallest library of the jar, under all
 * three names: what a library can do does not matter here.
 */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the OpenBLAS bindings are for Linux on x86-64")
final class LibraryLoaderTest {
  private static final String FOLDER = "org/bytedeco/openblas/linux-x86_64/";

  /** What every Linux has. */
  private static final String SYSTEM = "libc.so.6";

  private static final String NO_SYSTEM = "libgradus-has-no-such-library.so.0";

  /** Where an ELF file says whether it is of 32 or 64 bits. */
  private static final int ELF_CLASS = 4;

  @TempDir private Path folder;
  private final Properties properties = new Properties();
  private final Map<String, String> environment = new HashMap<>();
  private Path small;
  private Path cache;

  @BeforeEach
  void prepare() throws IOException {
    properties.setProperty("os.name", "Linux");
    properties.setProperty("os.arch", "amd64");
    cache = folder.resolve("cache");
    properties.setProperty("gradus.blas.cache", cache.toString());
    small = folder.resolve("small.so");
    try (InputStream in = realClasses().getResourceAsStream(FOLDER + "libquadmath.so.0")) {
      Files.copy(in, small);
    }
  }

  private static ClassLoader realClasses() {
    return LibraryLoaderTest.class.getClassLoader();
  }

  private static ClassLoader noClasses() {
    return new URLClassLoader(new URL[0], null);
  }

  /** A class path with the small library under these names. */
  private ClassLoader classesWith(final List<String> names) throws IOException {
    final Path classes = folder.resolve("classes");
    final Path place = Files.createDirectories(classes.resolve(FOLDER));
    for (final String name : names) {
      Files.copy(small, place.resolve(name));
    }
    return new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
  }

  private NativeLibrary load(final ClassLoader classes, final String system) {
    return new LibraryLoader(properties, environment, classes, system).load();
  }

  private String failure(final ClassLoader classes, final String system) {
    return assertThrows(GradusException.class, () -> load(classes, system)).getMessage();
  }

  @Test
  void shouldTakeThePropertyFirst() throws IOException {
    properties.setProperty("gradus.blas.library", small.toString());
    final NativeLibrary library = load(classesWith(BundledLibraries.NAMES), SYSTEM);
    assertEquals(Source.PROPERTY, library.source());
    assertEquals(small.toString(), library.path());
    assertTrue(library.symbols().find("quadmath_snprintf").isPresent());
    assertFalse(Files.exists(cache), "nothing is unpacked");
  }

  @Test
  void shouldTakeTheJarBeforeTheSystem() throws IOException {
    final NativeLibrary library = load(classesWith(BundledLibraries.NAMES), SYSTEM);
    assertEquals(Source.JAR, library.source());
    assertEquals("", library.note());
    final Path path = Path.of(library.path());
    assertEquals("libopenblas.so.0", String.valueOf(path.getFileName()));
    assertTrue(path.startsWith(cache), library.path());
    assertTrue(Files.exists(path), library.path());
  }

  @Test
  void shouldTakeTheSystemLast() {
    final NativeLibrary library = load(noClasses(), SYSTEM);
    assertEquals(Source.SYSTEM, library.source());
    assertEquals(SYSTEM, library.path());
    assertEquals("org.bytedeco:openblas: not on the class or module path", library.note());
    assertTrue(library.symbols().find("strlen").isPresent());
  }

  @Test
  void shouldSayWhatWasTriedInVain() {
    assertEquals(
        "no OpenBLAS: expected=property gradus.blas.library, the jar of org.bytedeco:openblas, or a"
            + " system library, actual=property not set; jar: not on the class or module path;"
            + " system library: expected="
            + NO_SYSTEM
            + ", actual=none that can be loaded",
        failure(noClasses(), NO_SYSTEM));
  }

  @Test
  void shouldNotLookFurtherWhereThePropertyIsWrong() throws IOException {
    final Path missing = folder.resolve("nowhere").resolve("libopenblas.so");
    properties.setProperty("gradus.blas.library", missing.toString());
    assertEquals(
        "property gradus.blas.library: library file mismatch: expected=a shared library, actual="
            + missing
            + " (no such file)",
        failure(classesWith(BundledLibraries.NAMES), SYSTEM));
    properties.setProperty("gradus.blas.library", folder.toString());
    assertEquals(
        "property gradus.blas.library: library file mismatch: expected=a shared library, actual="
            + folder
            + " (not a file)",
        failure(noClasses(), SYSTEM));
    properties.setProperty("gradus.blas.library", "with\0nul");
    assertTrue(failure(noClasses(), SYSTEM).startsWith("property gradus.blas.library: "));
  }

  @Test
  void shouldNotTryToLoadWhatIsNoLibrary() throws IOException {
    final Path text = Files.writeString(folder.resolve("text.so"), "not a library at all");
    properties.setProperty("gradus.blas.library", text.toString());
    assertEquals(
        "property gradus.blas.library: library file mismatch: expected=a shared library, actual="
            + text
            + " (not an ELF file)",
        failure(noClasses(), SYSTEM));
  }

  @Test
  void shouldPassOnTheSystemsReasonForALibraryItCannotLoad() throws IOException {
    final byte[] content = Files.readAllBytes(small);
    content[ELF_CLASS] = 1;
    final Path other = Files.write(folder.resolve("of-32-bits.so"), content);
    properties.setProperty("gradus.blas.library", other.toString());
    final String message = failure(noClasses(), SYSTEM);
    assertTrue(
        message.startsWith(
            "property gradus.blas.library: library file mismatch: expected=a shared library,"
                + " actual="
                + other),
        message);
    assertTrue(message.contains("wrong ELF class: ELFCLASS32"), message);
  }

  @Test
  void shouldUseAFolderOfItsOwnWhereTheCacheCannotBeUsed() throws IOException {
    final Path file = Files.writeString(folder.resolve("file"), "not a folder");
    properties.setProperty("gradus.blas.cache", file.resolve("cache").toString());
    final NativeLibrary library = load(classesWith(BundledLibraries.NAMES), SYSTEM);
    assertEquals(Source.JAR, library.source());
    assertTrue(
        library.note().startsWith("can't be kept in " + file.resolve("cache")), library.note());
    assertTrue(library.path().contains("gradus-openblas-"), library.path());
    assertFalse(Files.exists(Path.of(library.path()).getParent()), "the folder is deleted");
    assertTrue(library.symbols().find("quadmath_snprintf").isPresent());
  }

  @Test
  void shouldFindTheCacheWithoutTheProperty() throws IOException {
    final ClassLoader classes = classesWith(BundledLibraries.NAMES);
    properties.remove("gradus.blas.cache");
    properties.setProperty("user.home", folder.resolve("home").toString());
    assertTrue(
        Path.of(load(classes, SYSTEM).path()).startsWith(folder.resolve("home/.cache/gradus")));
    environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
    assertTrue(Path.of(load(classes, SYSTEM).path()).startsWith(folder.resolve("xdg/gradus")));
    environment.clear();
    properties.setProperty("user.home", "?");
    assertEquals("no home folder to keep it in", load(classes, SYSTEM).note());
  }

  @Test
  void shouldSayWhatTheJarLacks() throws IOException {
    final NativeLibrary library = load(classesWith(List.of("libopenblas.so.0")), SYSTEM);
    assertEquals(Source.SYSTEM, library.source());
    assertTrue(
        library
            .note()
            .contains(
                "expected=[libquadmath.so.0, libgfortran.so.5, libopenblas.so.0],"
                    + " actual=[libopenblas.so.0]"),
        library.note());
  }

  @Test
  void shouldRefuseOtherPlatforms() {
    properties.setProperty("os.name", "Plan 9");
    assertEquals(
        "platform of the OpenBLAS bindings mismatch: expected=Linux amd64, actual=Plan 9 amd64",
        failure(realClasses(), SYSTEM));
  }

  @Test
  void shouldFindTheRealJarOnTheClassPath() throws IOException {
    final List<BundledFile> files = BundledLibraries.find(realClasses(), null);
    assertEquals(BundledLibraries.NAMES, files.stream().map(BundledFile::name).toList());
    for (final BundledFile file : files) {
      try (InputStream in = file.open()) {
        assertTrue(file.hasContent(in), file.toString());
      }
    }
  }

  @Test
  void shouldFindTheRealJarOnTheModulePath() throws IOException, URISyntaxException {
    final String location = String.valueOf(realClasses().getResource(FOLDER + "libopenblas.so.0"));
    final Path jar = Path.of(new URI(location.substring("jar:".length(), location.indexOf("!/"))));
    assertEquals(
        BundledLibraries.find(realClasses(), null),
        BundledLibraries.find(noClasses(), folder.resolve("absent") + ":" + jar));
    assertEquals(
        List.of(), BundledLibraries.find(noClasses(), folder.resolve("absent").toString()));
  }

  @Test
  void shouldSayWhyAModulePathCannotBeRead() throws IOException {
    final Path broken = Files.writeString(folder.resolve("broken.jar"), "not a jar");
    final IOException thrown =
        assertThrows(
            IOException.class, () -> BundledLibraries.find(noClasses(), broken.toString()));
    assertTrue(thrown.getMessage().startsWith("module path: "), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("broken.jar"), thrown.getMessage());
  }
}
