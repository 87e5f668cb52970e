package dev.gradus.blas.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What the CPU can do and the kernel lets it, as {@code /proc/cpuinfo} names it.
 *
 * @param names the flags; empty where they are not known.
 */
record CpuFlags(Set<String> names) {
  private static final Path SOURCE = Path.of("/proc/cpuinfo");
  private static final System.Logger LOG = System.getLogger(CpuFlags.class.getName());

  static CpuFlags ofThisMachine() {
    try {
      for (final String line : Files.readAllLines(SOURCE)) {
        if (line.startsWith("flags")) {
          return parse(line);
        }
      }
    } catch (final IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "CPU flags not known: {0}", e.toString());
    }
    return new CpuFlags(Set.of());
  }

  /** Reads a line like {@code flags : fpu vme sse2}. */
  static CpuFlags parse(final String line) {
    final String list = line.substring(line.indexOf(':') + 1).strip();
    return new CpuFlags(Set.of(list.split("\\s+")));
  }

  boolean areKnown() {
    return !names.isEmpty();
  }
}
