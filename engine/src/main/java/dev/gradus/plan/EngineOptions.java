package dev.gradus.plan;

import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.GradusException;
import dev.gradus.parallel.WorkerTeam;

/**
 * What an engine computes with.
 *
 * @param threads 1 for the caller's alone, up to {@value WorkerTeam#MAX_THREADS}.
 * @param backend {@code auto}, or the name of a backend that must then be used: {@code java},
 *     {@code openblas}.
 * @param mode the form of the kernels, or null to choose what this JVM and CPU run best.
 */
public record EngineOptions(int threads, String backend, KernelMode mode) {
  public EngineOptions {
    if (threads < 1 || threads > WorkerTeam.MAX_THREADS) {
      throw GradusException.outOfRange("threads", "1 to " + WorkerTeam.MAX_THREADS, threads);
    }
    if (backend == null) {
      throw GradusException.mismatch("backend", "a name", null);
    }
  }

  public EngineOptions(final int threads, final String backend) {
    this(threads, backend, null);
  }

  /** One thread, backend and kernels chosen by the engine. */
  public static EngineOptions defaults() {
    return new EngineOptions(1, "auto");
  }
}
