package dev.gradus.blas.library;

import dev.gradus.memory.GradusException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The core types of OpenBLAS on x86-64 that need more than SSE, by what their kernels need. The
 * library chooses one that fits when it is loaded, unless the environment forces another: one above
 * the CPU ends the process at the first product with an illegal instruction, one below it costs
 * half the speed or more.
 *
 * <p>Source: {@code driver/others/dynamic.c} and the compiler flags in {@code Makefile.x86_64} of
 * OpenBLAS 0.3.31.
 */
public enum CoreType {
  /** AVX of 256 bits, without fused multiply-add. */
  SANDYBRIDGE(Level.AVX, "avx"),
  /** AVX with AMD's own form of fused multiply-add. */
  BULLDOZER(Level.AVX, "avx fma4"),
  PILEDRIVER(Level.AVX, "avx fma"),
  STEAMROLLER(Level.AVX, "avx fma"),
  EXCAVATOR(Level.AVX2, "avx2 fma"),
  HASWELL(Level.AVX2, "avx2 fma"),
  ZEN(Level.AVX2, "avx2 fma"),
  SKYLAKEX(Level.AVX512, "avx512f avx512cd avx512bw avx512dq avx512vl"),
  COOPERLAKE(Level.AVX512, "avx512f avx512cd avx512bw avx512dq avx512vl avx512_bf16"),
  SAPPHIRERAPIDS(Level.AVX512, "avx512f avx512cd avx512bw avx512dq avx512vl avx512_fp16");

  /** What forces a core type. */
  static final String FORCED = "OPENBLAS_CORETYPE";

  private static final String CACHE_SIZE = "OPENBLAS_L2_SIZE";

  /** Those that run wherever x86-64 does. */
  private static final Set<String> SSE_ONLY =
      Set.of(
          "KATMAI",
          "COPPERMINE",
          "NORTHWOOD",
          "PRESCOTT",
          "BANIAS",
          "ATOM",
          "CORE2",
          "PENRYN",
          "DUNNINGTON",
          "NEHALEM",
          "ATHLON",
          "OPTERON",
          "OPTERON_SSE3",
          "BARCELONA",
          "BOBCAT");

  private enum Level {
    SSE,
    AVX,
    AVX2,
    AVX512
  }

  private final Level level;
  private final String needs;

  CoreType(final Level level, final String needs) {
    this.level = level;
    this.needs = needs;
  }

  /** The flags in {@code /proc/cpuinfo} without which its kernels don't run. */
  private List<String> needs() {
    return List.of(needs.split(" "));
  }

  private static CoreType named(final String name) {
    for (final CoreType type : values()) {
      if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
        return type;
      }
    }
    return null;
  }

  /**
   * Refuses a forced core type that would end the process.
   *
   * @throws GradusException naming what the CPU lacks.
   */
  static void requireForcedToRun(final Map<String, String> environment, final CpuFlags cpu) {
    final String forced = environment.get(FORCED);
    final CoreType type = forced == null ? null : named(forced);
    if (type == null || !cpu.areKnown()) {
      return;
    }
    final TreeSet<String> lacking = new TreeSet<>(type.needs());
    lacking.removeAll(cpu.names());
    if (!lacking.isEmpty()) {
      throw GradusException.mismatch(
          "environment variable " + FORCED,
          "a core type this CPU can run",
          forced + ", which needs " + String.join(", ", lacking));
    }
  }

  /**
   * What about the environment makes OpenBLAS slower than it could be here.
   *
   * @param inUse the core type as the library reports it.
   * @return the reason in words, or empty.
   */
  public static String remark(final String inUse, final Map<String, String> environment) {
    return remark(inUse, environment, CpuFlags.ofThisMachine());
  }

  static String remark(
      final String inUse, final Map<String, String> environment, final CpuFlags cpu) {
    final StringBuilder remark = new StringBuilder();
    final Level possible = level(cpu);
    if (isBelow(inUse, possible)) {
      remark.append("core type ").append(inUse).append(" is below this CPU, which has ");
      remark.append(possible);
      if (environment.get(FORCED) != null) {
        remark.append(": ").append(FORCED).append('=').append(environment.get(FORCED));
      }
    }
    if (environment.get(CACHE_SIZE) != null) {
      remark.append(remark.isEmpty() ? "" : "; ");
      remark.append("cache size set by ").append(CACHE_SIZE).append('=');
      remark.append(environment.get(CACHE_SIZE));
    }
    return remark.toString();
  }

  /** False for a core type that is not known here: a newer one. */
  private static boolean isBelow(final String inUse, final Level possible) {
    final CoreType type = named(inUse);
    if (type == null) {
      return possible != Level.SSE && SSE_ONLY.contains(inUse.toUpperCase(Locale.ROOT));
    }
    return type.level.compareTo(possible) < 0;
  }

  private static Level level(final CpuFlags cpu) {
    if (cpu.names().containsAll(SKYLAKEX.needs())) {
      return Level.AVX512;
    }
    if (cpu.names().containsAll(HASWELL.needs())) {
      return Level.AVX2;
    }
    return cpu.names().contains("avx") ? Level.AVX : Level.SSE;
  }
}
