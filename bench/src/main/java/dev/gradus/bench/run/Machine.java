package dev.gradus.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What runs the benchmarks. Machines of one class are those whose figures can be compared.
 *
 * @param cpu name, family and model.
 * @param simd the widest vectors, in bits; 0 where unknown.
 * @param processors that the JVM sees.
 * @param jdk its version.
 */
public record Machine(String cpu, int simd, int processors, String jdk) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  /** This one. */
  public static Machine detect() {
    final int processors = Runtime.getRuntime().availableProcessors();
    final String jdk = Runtime.version().toString();
    try {
      if (Files.isReadable(LINUX)) {
        return of(Files.readAllLines(LINUX), processors, jdk);
      }
    } catch (final IOException e) {
      return new Machine("unknown (" + e.getMessage() + ")", 0, processors, jdk);
    }
    return new Machine(System.getProperty("os.arch", "unknown"), 0, processors, jdk);
  }

  /** The same one with no vectors wider than that many bits. */
  Machine heldTo(final int bits) {
    return new Machine(cpu, Math.min(simd, bits), processors, jdk);
  }

  /** From Linux' list of processors; the first stands for all. */
  static Machine of(final List<String> lines, final int processors, final String jdk) {
    String name = System.getProperty("os.arch", "unknown");
    String family = "";
    String model = "";
    int simd = 0;
    for (final String line : lines) {
      final String[] words = line.split("\\s*:\\s*", 2);
      switch (words[0].strip()) {
        case "model name" -> name = words[1];
        case "cpu family" -> family = " family " + words[1];
        case "model" -> model = " model " + words[1];
        case "flags" ->
            simd = words[1].contains("avx512f") ? 512 : words[1].contains("avx2") ? 256 : 128;
        case "" -> {
          return new Machine(name + family + model, simd, processors, jdk);
        }
        default -> {} // not part of the name
      }
    }
    return new Machine(name + family + model, simd, processors, jdk);
  }

  /** A name for files: lower case letters, digits and dashes. */
  public String cpuClass() {
    final String text = cpu + (simd > 0 ? " " + simd + " bit" : "");
    return text.toLowerCase(java.util.Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-|-$", "");
  }

  /** The JDK's feature version: what compiles alike. */
  public String jdkFeature() {
    return jdk.replaceAll("[^0-9].*$", "");
  }
}
