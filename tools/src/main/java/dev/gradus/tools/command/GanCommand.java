package dev.gradus.tools.command;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.gan.ClassifierView;
import dev.gradus.tools.gan.Diversity;
import dev.gradus.tools.gan.ImageGan;
import dev.gradus.tools.model.ModelCard;
import dev.gradus.tools.model.Models;
import dev.gradus.tools.report.AtomicFile;
import dev.gradus.tools.report.ImageGrid;
import dev.gradus.tools.scoring.ModelScore;
import dev.gradus.tools.scoring.Score;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
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
  private static final int DRAWN = 100;
  private static final int COLUMNS = 10;
  private static final int SCORED = 1000;
  private static final int STEPS = 2800;

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
      description = "Times through the images. Default: as many as make 2,800 steps")
  private Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Real images of a step. Default: 64")
  private int batch;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      defaultValue = "0.001",
      description = "Adam's learning rate; the discriminator has half of it. Default: 0.001")
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
      description =
          "A model trained on such images; the command tells how sure it is of new ones, and which"
              + " classes it sees in them.")
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
      if (epochs != null) {
        requirePositive("--epochs", epochs);
      }
      requirePositive("--batch", batch);
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    final Path picture = out.resolve("generated.png");
    AtomicFile.requireWritable(picture);
    final Source source = Source.forTraining(data, CsvOptions.defaults(), null, 0);
    final ImageGan.Settings settings = new ImageGan.Settings(batch, learningRate, seed);
    try (Engine engine = Engine.open(options);
        ModelFile model = classifier == null ? null : Models.read(engine, classifier);
        ImageGan gan = ImageGan.open(engine, source, settings)) {
      final PrintWriter print = spec.commandLine().getOut();
      if (model != null) {
        ClassifierView.requireClasses(model, source.samples().features().width());
        printAccuracy(engine, model, source, print);
      }
      print.println(gan.describe());
      final float[][] real = gan.real(SCORED);
      final Shape image = source.samples().features().row();
      final int last = epochs == null ? Math.ceilDiv(STEPS, gan.stepsPerEpoch()) : epochs;
      for (int epoch = 1; epoch <= last; epoch++) {
        final float[][] images = train(gan, epoch, last, real, print);
        ImageGrid.write(picture, Arrays.copyOf(images, DRAWN), image.dim(2), image.dim(3), COLUMNS);
        if (model != null) {
          print.println(
              "classifier: on generated images "
                  + ClassifierView.of(engine, model, images, source.scaling()));
        }
        print.flush();
      }
      print.println("wrote " + picture);
      print.flush();
    }
    return 0;
  }

  private static void requirePositive(final String option, final int value) {
    if (value < 1) {
      throw GradusException.outOfRange(option, "1 or more", value);
    }
  }

  /** What the classifier is worth on real images, those of a test where the data bring one. */
  private static void printAccuracy(
      final Engine engine, final ModelFile model, final Source source, final PrintWriter print) {
    final Samples real = source.test() == null ? source.samples() : source.test();
    if (!real.hasTargets()) {
      return;
    }
    final Score score = ModelScore.of(engine, model, ModelCard.of(model), real);
    print.println("classifier: on real images " + score);
  }

  /** Trains for an epoch and gives images made behind it. */
  private static float[][] train(
      final ImageGan gan,
      final int epoch,
      final int last,
      final float[][] real,
      final PrintWriter print) {
    final long start = System.nanoTime();
    final ImageGan.Epoch losses = gan.epoch(epoch);
    final double seconds = (System.nanoTime() - start) / 1e9;
    final float[][] images = gan.generate(SCORED);
    print.printf(
        Locale.ROOT,
        "epoch %d/%d: loss of generator %.4f, of discriminator %.4f, %s, %.1f s%n",
        epoch,
        last,
        losses.generator(),
        losses.discriminator(),
        Diversity.of(images, real),
        seconds);
    return images;
  }
}
