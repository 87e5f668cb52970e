package dev.gradus.tools.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Variables of the environment that make OpenBLAS slower than the CPU allows. */
final class OpenBlasEnvironment {
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
  private static final String L2_SIZE = "OPENBLAS_L2_SIZE";

  /** Cores whose kernels use 512-bit vectors. */
  private static final Set<String> AVX512_CORES =
      Set.of("skylakex", "cooperlake", "sapphirerapids", "zen4", "zen5");

  /** Cores whose kernels use 256-bit vectors with FMA. */
  private static final Set<String> AVX2_CORES = Set.of("haswell", "zen", "broadwell");

  private OpenBlasEnvironment() {}

  /**
   * What to know about the environment.
   *
   * @return a line for each variable that is set.
   */
  static List<String> warnings(final Map<String, String> environment, final Cpu cpu) {
    final List<String> warnings = new ArrayList<>();
    final String core = environment.get(CORE_TYPE);
    if (core != null && !core.isBlank()) {
      final String name = core.strip().toLowerCase(Locale.ROOT);
      final boolean below =
          cpu.hasAvx512()
              ? !AVX512_CORES.contains(name)
              : cpu.hasAvx2() && !AVX2_CORES.contains(name) && !AVX512_CORES.contains(name);
      warnings.add(
          CORE_TYPE
              + "="
              + core
              + " is set"
              + (below
                  ? " and holds OpenBLAS below this CPU (" + cpu.simd() + "): unset it"
                  : ": it decides the core, not the CPU"));
    }
    final String cache = environment.get(L2_SIZE);
    if (cache != null && !cache.isBlank()) {
      warnings.add(L2_SIZE + "=" + cache + " is set: it decides the blocking, not the CPU's cache");
    }
    return warnings;
  }
}
