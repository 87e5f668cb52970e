package dev.gradus.tools.command;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.kernel.Activation;
import dev.gradus.loss.Loss;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.data.TrainingSet;
import dev.gradus.tools.model.DataLosses;
import dev.gradus.tools.model.ModelText;
import dev.gradus.tools.training.Task;
import dev.gradus.train.Diagnose;
import dev.gradus.train.Finding;
import dev.gradus.train.Finding.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks for silent mistakes before a training. */
@Command(
    name = "diagnose",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Looks for mistakes that training does not complain of, on rows of the training part: the"
            + " loss at the start, whether the input matters, whether a few rows can be learned by"
            + " heart, gradients against differences of the loss, dead units, and the scale of"
            + " outputs and gradients. Prints a line for each; the exit code is 1 where one"
            + " failed.")
final class DiagnoseCommand implements Callable<Integer> {
  private static final int LEAST_ROWS = 8;

  @Spec private CommandSpec spec;
  @Mixin private EngineMixin engineOptions;
  @Mixin private CsvMixin csvOptions;

  @Option(
      names = "--data",
      paramLabel = "DIR|FILE",
      defaultValue = Source.DIGITS,
      description = "As that of train. Default: ${DEFAULT-VALUE}, which ship with Gradus")
  private String data;

  @Option(
      names = "--model",
      paramLabel = "SIZES|NAME|LAYERS",
      defaultValue = "mlp",
      description = "As that of train. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      defaultValue = "relu",
      description = "Of the hidden layers of sizes and presets. Default: ${DEFAULT-VALUE}")
  private String activation;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description = "As that of train. Default: cross-entropy for classes, mse for an autoencoder")
  private String loss;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000",
      description = "The most rows to look at, 8 or more. Default: ${DEFAULT-VALUE}")
  private int rows;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the rows and the first weights. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Override
  public Integer call() {
    final EngineOptions options;
    final CsvOptions csv;
    final ModelText text;
    final Activation hidden;
    final Loss chosen;
    try {
      options = engineOptions.options();
      csv = csvOptions.options(CsvOptions.AUTO);
      text = ModelText.parse(model);
      hidden = Activations.byName(activation);
      chosen = text.loss(loss);
      if (rows < LEAST_ROWS) {
        throw GradusException.outOfRange("--rows", LEAST_ROWS + " or more", rows);
      }
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    final Source source = Source.forTraining(data, csv, null, 0);
    final MemoryAccount account = new MemoryAccount();
    try (Engine engine = Engine.open(options);
        Task task =
            Task.open(
                account, source, text, hidden, null, DataLosses.areNumbers(chosen), null, seed);
        Dataset sample = sample(account, task.set())) {
      final Network network = task.network();
      final PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s, %s, %d rows of %s%n",
          network.describe(), chosen.describe(), sample.rows(), source.name());
      return print(Diagnose.run(engine, network, chosen, sample, seed), out);
    }
  }

  /** The first rows of a shuffled epoch of the training part. */
  private Dataset sample(final MemoryAccount account, final TrainingSet set) {
    final int[] part = set.partition().training();
    final int count = Math.min(rows, part.length);
    final Dataset sample = set.data().like(account, count);
    final Batches batches = new Batches(set.data(), part, count, seed, true, false);
    batches.startEpoch(0);
    batches.next(sample.features(), sample.targets());
    return sample;
  }

  private static int print(final List<Finding> findings, final PrintWriter out) {
    boolean failed = false;
    for (final Finding finding : findings) {
      out.println(finding);
      failed |= finding.verdict() == Verdict.FAILED;
    }
    out.flush();
    return failed ? Failures.FAILED : 0;
  }
}
