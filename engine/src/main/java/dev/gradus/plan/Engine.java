package dev.gradus.plan;

import dev.gradus.gemm.GemmSelector;
import dev.gradus.graph.Backend;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.KernelModes;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.UseCount;
import dev.gradus.parallel.WorkerTeam;

/**
 * What plans compute with: a team of threads, kernels, a backend for matrix products, and the
 * account of off-heap memory. Several plans may share one. Close the plans first: an engine ends
 * its threads when closed.
 */
public final class Engine implements AutoCloseable {
  private final MemoryAccount account = new MemoryAccount();
  private final Backend backend;
  private final String kernelReason;
  private final GemmSelector.Choice choice;
  private final UseCount users = new UseCount("engine");

  private Engine(final EngineOptions options) {
    final KernelModes.Choice kernels = KernelModes.detect();
    final boolean forced = options.mode() != null;
    final KernelMode mode = forced ? options.mode() : kernels.mode();
    this.kernelReason = forced ? "as asked for" : kernels.reason();
    this.choice = GemmSelector.select(options.backend(), mode);
    this.backend =
        new Backend(choice.mode(), choice.provider(), WorkerTeam.open(options.threads()));
  }

  /**
   * Opens an engine: starts its threads, loads and tests the backend.
   *
   * @throws dev.gradus.memory.GradusException where the backend asked for is unknown or can't be
   *     used.
   */
  public static Engine open(final EngineOptions options) {
    return new Engine(options);
  }

  /** One thread, everything else chosen. */
  public static Engine open() {
    return open(EngineOptions.defaults());
  }

  public Backend backend() {
    return backend;
  }

  public int threads() {
    return backend.team().threads();
  }

  /** The account of all off-heap memory of this engine's parameters and plans. */
  public MemoryAccount account() {
    return account;
  }

  /** Why these kernels run. */
  public String kernelReason() {
    return kernelReason;
  }

  /** Why this backend computes matrix products. */
  public String backendReason() {
    return choice.reason();
  }

  /** Threads, kernels and backend with the reason for each, in one line. */
  public String describe() {
    return "threads "
        + threads()
        + "; kernels "
        + backend.mode()
        + " ("
        + kernelReason
        + "); matrix products "
        + backend.gemm().name()
        + " ("
        + choice.reason()
        + ")";
  }

  /** Keeps the engine from being closed during a run. */
  void acquire() {
    users.acquire();
  }

  void release() {
    users.release();
  }

  void requireOpen() {
    users.requireOpen();
  }

  /**
   * Ends the threads. Closing twice is harmless.
   *
   * @throws dev.gradus.memory.GradusException where a plan is running; the engine stays open.
   */
  @Override
  public void close() {
    users.close();
    backend.team().close();
  }
}
