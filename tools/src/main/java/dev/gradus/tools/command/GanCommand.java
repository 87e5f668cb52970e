package dev.gradus.tools.command;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.gan.ImageGan;
import dev.gradus.tools.model.Models;
import dev.gradus.tools.report.AtomicFile;
import dev.gradus.tools.report.ImageGrid;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Learns to make images. */
@Command(
    name = "gan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Trains a generator of images against a discriminator, and draws what it makes in"
            + " generated.png after each epoch.")
final class GanCommand implements Callable<Integer> {
  private static final int IMAGE_RANK = 4;
  private static final int DRAWN = 100;
  private static final int COLUMNS = 10;
  private static final int SCORED = 1000;

  @Spec private CommandSpec spec;
  @Mixin private EngineMixin engineOptions;

  @Option(
      names = "--data",
      paramLabel = "DIR|FILE",
      defaultValue = Source.DIGITS,
      description = "IDX images, a folder or a file. Default: digits, which ship with Gradus")
  private String data;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description = "Times through the images. Default: 20")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Real images of a step. Default: 64")
  private int batch;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      defaultValue = "0.0002",
      description = "Adam's learning rate, of both networks. Default: 0.0002")
  private double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed, the same images. Default: 1")
  private long seed;

  @Option(
      names = "--classifier",
      paramLabel = "MODEL",
      description = "A model trained on such images; the command tells how sure it is of new ones.")
  private Path classifier;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "gradus-out",
      description = "Where to write generated.png. Default: gradus-out")
  private Path out;

  @Override
  public Integer call() {
    final EngineOptions options;
    try {
      options = engineOptions.options();
      requirePositive("--epochs", epochs);
      requirePositive("--batch", batch);
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    final Path picture = out.resolve("generated.png");
    AtomicFile.requireWritable(picture);
    final Source source = Source.forTraining(data, CsvOptions.defaults(), null, 0);
    final Shape row = source.samples().features().row();
    if (row.rank() != IMAGE_RANK || row.dim(1) != 1) {
      throw GradusException.mismatch(data, "images of one channel", "rows of shape " + row);
    }
    final double largest = 1 / source.scaling().scale()[0];
    final ImageGan.Settings settings = new ImageGan.Settings(batch, learningRate, seed);
    try (Engine engine = Engine.open(options);
        ModelFile model = classifier == null ? null : Models.read(engine, classifier);
        ImageGan gan = ImageGan.open(engine, source.samples(), largest, settings)) {
      train(gan, model, row, picture, spec.commandLine().getOut());
    }
    return 0;
  }

  private static void requirePositive(final String option, final int value) {
    if (value < 1) {
      throw GradusException.outOfRange(option, "1 or more", value);
    }
  }

  private void train(
      final ImageGan gan,
      final ModelFile model,
      final Shape row,
      final Path picture,
      final PrintWriter print) {
    print.println(gan.describe());
    for (int epoch = 1; epoch <= epochs; epoch++) {
      final long start = System.nanoTime();
      final ImageGan.Epoch losses = gan.epoch(epoch);
      final double seconds = (System.nanoTime() - start) / 1e9;
      ImageGrid.write(picture, gan.generate(DRAWN), row.dim(2), row.dim(3), COLUMNS);
      print.printf(
          Locale.ROOT,
          "epoch %d: loss of generator %.4f, of discriminator %.4f, %.1f s%n",
          epoch,
          losses.generator(),
          losses.discriminator(),
          seconds);
      print.flush();
    }
    if (model != null) {
      print.printf(
          Locale.ROOT,
          "classifier: mean largest probability %.4f of %d images%n",
          gan.confidence(model, gan.generate(SCORED)),
          SCORED);
    }
    print.println("wrote " + picture);
    print.flush();
  }
}
