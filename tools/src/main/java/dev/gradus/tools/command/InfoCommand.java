package dev.gradus.tools.command;

import dev.gradus.gemm.GemmProvider;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what Gradus runs on and what it chose. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Says CPU, vector width, kernels, backends and why, and the JDK.")
final class InfoCommand implements Callable<Integer> {
  private static final String OPENBLAS = "openblas";

  @Spec private CommandSpec spec;
  @Mixin private EngineMixin engineOptions;

  @Override
  public Integer call() throws Exception {
    final EngineOptions options;
    try {
      options = engineOptions.options();
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    final PrintWriter out = spec.commandLine().getOut();
    final Cpu cpu = Cpu.detect();
    line(out, "version", new Version().getVersion()[0]);
    line(
        out,
        "JDK",
        Runtime.version() + ", " + property("java.vm.name") + ", " + property("java.vendor"));
    line(out, "system", property("os.name") + " " + property("os.arch"));
    line(out, "CPU", cpu.model() + ", " + Runtime.getRuntime().availableProcessors() + " threads");
    line(out, "SIMD", cpu.simd());
    try (Engine engine = Engine.open(options)) {
      line(
          out,
          "kernels",
          engine.backend().mode().name().toLowerCase(Locale.ROOT) + ": " + engine.kernelReason());
      line(out, "backend", engine.backend().gemm().name() + ": " + engine.backendReason());
    }
    backends(out);
    out.flush();
    return 0;
  }

  /** Other backends, chosen or not; each says itself what the environment does to it. */
  private static void backends(final PrintWriter out) {
    boolean found = false;
    for (final GemmProvider provider : ServiceLoader.load(GemmProvider.class)) {
      final GemmProvider.Availability availability = provider.load();
      line(
          out,
          provider.name(),
          (availability.usable() ? "usable: " : "not usable: ") + availability.detail());
      found |= provider.name().equals(OPENBLAS);
    }
    if (!found) {
      line(out, OPENBLAS, "not there: its module is not on the module path");
    }
  }

  private static String property(final String name) {
    return System.getProperty(name, "unknown");
  }

  private static void line(final PrintWriter out, final String name, final String value) {
    out.printf("%-9s %s%n", name, value);
  }
}
