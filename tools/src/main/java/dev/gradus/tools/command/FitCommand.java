package dev.gradus.tools.command;

import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.fit.Curve;
import dev.gradus.tools.fit.CurveFit;
import dev.gradus.tools.report.AtomicFile;
import dev.gradus.tools.report.FitPicture;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fits a small network to a curve. */
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Fits a small network to noisy points of a curve, and draws points, curve and fit: one"
            + " neuron on a line, five of tanh on a sine, two layers on a hard curve.")
final class FitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private EngineMixin engineOptions;

  @Parameters(paramLabel = "CURVE", description = "line, sine or hard")
  private String curveName;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "lbfgs",
      description =
          "How all points at once are learned: adam, lbfgs, cg (conjugate gradient), lm"
              + " (Levenberg-Marquardt), random (search) or anneal (simulated annealing). Default:"
              + " ${DEFAULT-VALUE}")
  private String method;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "0",
      description = "The most to make. Default: 100 of lm, 2000 of lbfgs and cg, 20000 of others")
  private int iterations;

  @Option(
      names = "--points",
      paramLabel = "N",
      defaultValue = "101",
      description = "Of data. Default: ${DEFAULT-VALUE}")
  private int points;

  @Option(
      names = "--noise",
      paramLabel = "DEVIATION",
      description =
          "Standard deviation of the data around the curve. Default: 0.1 for line, 0.05 for sine,"
              + " 0.02 for hard")
  private Double noise;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the noise and the first weights. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "gradus-out",
      description = "Where to write fit-CURVE.png. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Override
  public Integer call() {
    final EngineOptions options;
    final Curve curve;
    final CurveFit.Settings settings;
    try {
      options = engineOptions.options();
      curve = Curve.byName(curveName);
      settings =
          new CurveFit.Settings(
              method, iterations, points, noise == null ? curve.noise() : noise, seed);
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    final Path picture = out.resolve("fit-" + curve.label() + ".png");
    AtomicFile.requireWritable(picture);
    try (Engine engine = Engine.open(options)) {
      final CurveFit.Result result = CurveFit.of(engine, curve, settings);
      report(curve, result, picture);
    }
    return 0;
  }

  private void report(final Curve curve, final CurveFit.Result result, final Path picture) {
    final PrintWriter print = spec.commandLine().getOut();
    print.printf("network  %s%n", curve.network().describe());
    print.printf(
        Locale.ROOT,
        "fit      %s, %d iterations (%s), loss %.3g%n",
        method,
        result.iterations(),
        result.reason(),
        result.loss());
    print.printf(Locale.ROOT, "RMSE     %.5f from the curve%n", result.rmse());
    AtomicFile.makeFolderOf(picture);
    final String reason =
        FitPicture.draw(
            picture,
            curve.network().describe(),
            result.x(),
            result.y(),
            result.grid(),
            result.target(),
            result.network());
    print.printf("picture  %s%n", reason == null ? picture : "none: " + reason);
    print.flush();
  }
}
