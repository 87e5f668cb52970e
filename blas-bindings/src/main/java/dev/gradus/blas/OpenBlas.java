package dev.gradus.blas;

import dev.gradus.blas.generated.openblas_h;
import dev.gradus.blas.library.CoreType;
import dev.gradus.blas.library.NativeLibrary;
import dev.gradus.blas.library.OpenBlasLibrary;
import dev.gradus.gemm.GemmProvider.Availability;
import dev.gradus.memory.GradusException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The OpenBLAS of this process: loaded at the first question, set to one thread, and described.
 *
 * <p>Left to itself OpenBLAS starts a thread for each core when it is loaded. They would be idle
 * here; those of a copy unpacked from the jar, which nobody else uses, are ended at once.
 */
public final class OpenBlas {
  /** What is called; a library without one of these is refused. */
  static final List<String> FUNCTIONS =
      List.of(
          "openblas_set_num_threads",
          "openblas_get_num_threads",
          "openblas_get_parallel",
          "openblas_get_config",
          "openblas_get_corename",
          "cblas_sgemv",
          "cblas_sgemm");

  private static final String END_THREADS = "blas_thread_shutdown_";

  private OpenBlas() {}

  private static final class Opened {
    static final OpenBlasInfo INFO;
    static final GradusException FAILURE;

    static {
      OpenBlasInfo info = null;
      GradusException failure = null;
      try {
        info = open(OpenBlasLibrary.get());
      } catch (final GradusException e) {
        failure = e;
      }
      INFO = info;
      FAILURE = failure;
    }

    private Opened() {}
  }

  /** Whether it can be used, with its description or the reason; never throws. */
  public static Availability availability() {
    return Opened.FAILURE == null
        ? new Availability(true, Opened.INFO.detail())
        : new Availability(false, Opened.FAILURE.getMessage());
  }

  /**
   * The library in use.
   *
   * @throws GradusException with the reason where it can't be used.
   */
  public static OpenBlasInfo info() {
    if (Opened.FAILURE != null) {
      throw new GradusException(Opened.FAILURE.getMessage(), Opened.FAILURE);
    }
    return Opened.INFO;
  }

  private static OpenBlasInfo open(final NativeLibrary library) {
    final String where = library.path() + " from " + library.source().words();
    for (final String function : FUNCTIONS) {
      if (library.symbols().find(function).isEmpty()) {
        throw GradusException.mismatch(
            "functions of " + where, function, "a library without it, so not OpenBLAS");
      }
    }
    final String config = text(openblas_h.openblas_get_config());
    final int parallel = openblas_h.openblas_get_parallel();
    requireSuitable(where, config, parallel);
    openblas_h.openblas_set_num_threads(1);
    if (library.source() == NativeLibrary.Source.JAR
        && library.symbols().find(END_THREADS).isPresent()) {
      openblas_h.blas_thread_shutdown_();
    }
    final int threads = openblas_h.openblas_get_num_threads();
    if (threads != 1) {
      throw GradusException.mismatch("threads of " + where, 1, threads);
    }
    final String core = text(openblas_h.openblas_get_corename());
    return new OpenBlasInfo(
        version(config),
        config,
        core,
        concurrentCalls(config, parallel),
        library.source().words(),
        library.path(),
        joined(library.note(), CoreType.remark(core, System.getenv())));
  }

  /**
   * Refuses a build that can't run single-threaded under threads of ours, or whose integers are not
   * those of the bindings.
   */
  static void requireSuitable(final String where, final String config, final int parallel) {
    if (parallel == openblas_h.OPENBLAS_OPENMP()) {
      // There the number of threads belongs to each calling thread, not to the library.
      throw GradusException.mismatch("build of " + where, "pthread or sequential", "OpenMP");
    }
    if (words(config).contains("USE64BITINT")) {
      throw GradusException.mismatch("integers of " + where, "32 bits", "64 bits");
    }
  }

  /**
   * How many calls may run at the same time. Each holds one of twice MAX_THREADS buffers; with none
   * left OpenBLAS prints a warning, and soon after the process ends (seen with 0.3.31 and 300
   * calls). A sequential build may lack locks altogether.
   */
  static int concurrentCalls(final String config, final int parallel) {
    if (parallel == openblas_h.OPENBLAS_SEQUENTIAL()) {
      return 1;
    }
    final String name = "MAX_THREADS=";
    for (final String word : words(config)) {
      if (word.startsWith(name)) {
        return Integer.parseInt(word.substring(name.length()));
      }
    }
    return 1;
  }

  /** The second word: {@code OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64}. */
  static String version(final String config) {
    final List<String> words = words(config);
    return words.size() > 1 && words.get(0).equals("OpenBLAS") ? words.get(1) : "unknown";
  }

  private static List<String> words(final String config) {
    return List.of(config.strip().split("\\s+"));
  }

  private static String text(final MemorySegment characters) {
    return characters.getString(0);
  }

  private static String joined(final String first, final String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
  }
}
