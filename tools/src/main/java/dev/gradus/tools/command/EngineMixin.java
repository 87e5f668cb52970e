package dev.gradus.tools.command;

import dev.gradus.gemm.GemmSelector;
import dev.gradus.memory.Names;
import dev.gradus.plan.EngineOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of what computes. */
final class EngineMixin {
  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads, the calling one included; the results don't depend on it. Default: 1")
  private int threads;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = GemmSelector.AUTO,
      description =
          "Who multiplies matrices: auto, java or openblas; one named must be usable."
              + " Default: auto")
  private String backend;

  /**
   * The options, checked.
   *
   * @throws dev.gradus.memory.GradusException where one is out of range.
   */
  EngineOptions options() {
    final List<String> names = GemmSelector.names();
    if (!names.contains(backend)) {
      throw Names.unknown("backend", backend, names);
    }
    return new EngineOptions(threads, backend);
  }
}
