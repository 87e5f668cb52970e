package dev.gradus.tools.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The CPU, as the operating system tells.
 *
 * @param model its name.
 * @param flags its features by the names Linux gives them; none where they are unknown.
 */
record Cpu(String model, Set<String> flags) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");

  static Cpu detect() {
    try {
      if (Files.isReadable(LINUX)) {
        return of(Files.readAllLines(LINUX));
      }
    } catch (final IOException e) {
      return unknown();
    }
    return unknown();
  }

  private static Cpu unknown() {
    return new Cpu(System.getProperty("os.arch", "unknown"), Set.of());
  }

  /** The first processor of a list in Linux' form; others are alike. */
  static Cpu of(final List<String> lines) {
    String model = System.getProperty("os.arch", "unknown");
    Set<String> flags = Set.of();
    for (final String line : lines) {
      final int colon = line.indexOf(':');
      final String key = colon < 0 ? line : line.substring(0, colon).strip();
      final String value = colon < 0 ? "" : line.substring(colon + 1).strip();
      if (key.equals("model name")) {
        model = value;
      } else if (key.equals("flags") || key.equals("Features")) {
        flags = Set.of(value.split("\\s+"));
      } else if (key.isEmpty() && !flags.isEmpty()) {
        break;
      }
    }
    return new Cpu(model, flags);
  }

  /** The widest vectors it has. */
  String simd() {
    if (flags.contains("avx512f")) {
      return "AVX-512, 512 bits";
    }
    if (flags.contains("avx2") && flags.contains("fma")) {
      return "AVX2 with FMA, 256 bits";
    }
    return flags.isEmpty() ? "unknown" : "neither AVX2 nor AVX-512";
  }
}
