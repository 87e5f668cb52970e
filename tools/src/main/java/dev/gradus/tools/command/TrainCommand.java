package dev.gradus.tools.command;

import dev.gradus.data.Augmentations;
import dev.gradus.data.Scaling;
import dev.gradus.loss.ClassLoss;
import dev.gradus.loss.Loss;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Activations;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.data.SplitSizes;
import dev.gradus.tools.model.ModelText;
import dev.gradus.tools.training.BatchOptions;
import dev.gradus.tools.training.SplitRuns;
import dev.gradus.tools.training.StoppingOptions;
import dev.gradus.tools.training.TrainingOptions;
import dev.gradus.tools.training.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a model. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Trains a model and writes it, with a picture of how it went. Without options: on the"
            + " handwritten digits that ship with Gradus. Ctrl-C stops after the step and saves.")
final class TrainCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String SUFFIX = ".safetensors";
  private static final String BALANCED = "balanced";
  private static final String FULL = "full";

  @Spec private CommandSpec spec;
  @Mixin private EngineMixin engine;
  @Mixin private CsvMixin csv;
  @Mixin private DescentMixin descent;

  @Option(
      names = "--data",
      paramLabel = "DIR|FILE",
      defaultValue = Source.DIGITS,
      description =
          "A folder of IDX files under MNIST's names, an IDX file of images beside its labels, or a"
              + " CSV table; gzip or not. Default: ${DEFAULT-VALUE}, which ship with Gradus")
  private String data;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description =
          "CSV: a table of rows for the test. Default: 15 %% of the rows, or what the data say")
  private Path test;

  @Option(
      names = "--split",
      paramLabel = "N|all",
      defaultValue = "0",
      description =
          "Of a folder of data.txt, index_train_0.txt, ...: which of its splits; or all, one after"
              + " the other, and the mean of their tests. Default: ${DEFAULT-VALUE}")
  private String split;

  @Option(
      names = "--scale",
      paramLabel = "NAME",
      description =
          "Of features that are numbers, by the training part: standard (mean 0, deviation 1),"
              + " minmax (0 to 1) or none. Default: standard; pixels by their largest value")
  private String scale;

  @Option(
      names = "--categorical",
      paramLabel = "auto|none|NAMES",
      defaultValue = CsvOptions.AUTO,
      description =
          "CSV: which features are categories, by names or numbers from 1 with commas between; auto"
              + " takes columns of texts, none refuses them. Models with embeddings get a code for"
              + " each, others a 0 or 1 for each category. Default: ${DEFAULT-VALUE}")
  private String categorical;

  @Option(
      names = "--split-sizes",
      paramLabel = "A/B/C",
      description =
          "Percent of the rows for training, validation and test, in every class, as 80/0/20; or"
              + " 90/10 where the data bring a test. Default: 70/15/15, 90/10")
  private String splitSizes;

  @Option(
      names = "--model",
      paramLabel = "SIZES|NAME|LAYERS",
      defaultValue = "mlp",
      description =
          "Sizes from input to output such as 784-256-10; a preset that the data complete: linear,"
              + " mlp-small (128), mlp (256), mlp-deep (256-128-64), mlp-wide (1024-1024), for"
              + " images lenet, vgg-small, resnet-small, transformer (rows of pixels are its steps)"
              + " or autoencoder (the target is the image itself), for tables with categories"
              + " wide-deep or deepfm; or layers such as"
              + " \"dense(256,relu) dense(out)\", where out stands for the number of classes or"
              + " targets and input(...) may say the shape of a row; of a table, numbers and"
              + " categories stand for how many columns of each it has, sizes for the codes of each"
              + " of the latter. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      defaultValue = "relu",
      description =
          "Of the hidden layers of sizes and presets: relu, tanh, gelu, ... Default:"
              + " ${DEFAULT-VALUE}")
  private String activation;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "cross-entropy for classes; mse, mae, huber or smooth-l1 for a CSV target of numbers,"
              + " huber(0.5) with another bound than 1 between small errors and large ones, in"
              + " standard deviations of the target. Default: cross-entropy; mse for autoencoder")
  private String loss;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      description = "Share of each class's target that is spread over all classes, such as 0.1")
  private Float labelSmoothing;

  @Option(
      names = "--class-weights",
      paramLabel = "W,...|balanced",
      description =
          "What each class counts in the loss, in the order of classes; balanced lets rare classes"
              + " count as much in all as frequent ones")
  private String classWeights;

  @Option(
      names = "--batch",
      paramLabel = "ROWS|full",
      defaultValue = "32",
      description = "Rows of a step, or full for all at once. Default: ${DEFAULT-VALUE}")
  private String batch;

  @Option(
      names = "--drop-last",
      description = "Leave out the short batch that ends an epoch; another one in each")
  private boolean dropLast;

  @Option(
      names = "--balanced",
      description = "Let each class come as often as the others, rare ones several times an epoch")
  private boolean balanced;

  @Option(
      names = "--augment",
      paramLabel = "TEXT",
      description =
          "Change images at random before each step, as \"shift(2) rotate(10) flip\":"
              + " shift(pixels), rotate(degrees), scale(share), flip, vertical_flip,"
              + " noise(deviation), cutout(size), and behind them mixup(alpha)")
  private String augment;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "40",
      description = "Times through the training part. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "End after N epochs without a fall of the validation loss, and keep the best weights."
              + " Default: all epochs, the last weights")
  private int patience;

  @Option(
      names = "--target-loss",
      paramLabel = "LOSS",
      description = "End with the first epoch whose validation loss is as low.")
  private Double targetLoss;

  @Option(
      names = "--max-seconds",
      paramLabel = "S",
      description = "End the training after so many seconds.")
  private Double maxSeconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Decides the split, the first weights and the order of batches. Default:"
              + " ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR|FILE",
      defaultValue = "gradus-out",
      description =
          "Where to write the model: a folder for model.safetensors and training.png, or a file"
              + " ending in .safetensors. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write the figures of the run to FILE, one JSON object; warms up before the training.")
  private Path report;

  @Override
  public Integer call() {
    if (split.equals(ALL)) {
      SplitRuns.run(
          data,
          number -> options(number, out.resolve("split-" + number)),
          spec.commandLine().getOut());
    } else {
      final TrainingOptions options = options(singleSplit(), out);
      new TrainingRun(options, spec.commandLine().getOut(), Terminal.columns()).run();
    }
    return 0;
  }

  private int singleSplit() {
    if (!split.matches("[0-9]{1,9}")) {
      throw new ParameterException(
          spec.commandLine(),
          GradusException.mismatch("split", "a number from 0, or " + ALL, split).getMessage());
    }
    return Integer.parseInt(split);
  }

  private TrainingOptions options(final int number, final Path out) {
    try {
      if (split.equals(ALL) && report != null) {
        throw GradusException.mismatch("--split with --report", "a number from 0", ALL);
      }
      requireAtLeastOne("epochs", epochs);
      final boolean file = out.toString().endsWith(SUFFIX) && !Files.isDirectory(out);
      if (!file && Files.exists(out) && !Files.isDirectory(out)) {
        throw GradusException.mismatch(
            "--out", "a folder, or a file ending in " + SUFFIX, out + ", a file");
      }
      final Path modelFile = file ? out : out.resolve("model" + SUFFIX);
      final Path picture =
          file ? out.resolveSibling(stem(out) + ".png") : out.resolve("training.png");
      final ModelText text = ModelText.parse(model);
      return new TrainingOptions(
          data,
          csv.options(categorical),
          scale == null ? null : Scaling.Kind.byName(scale),
          test,
          number,
          splitSizes == null ? null : SplitSizes.parse(splitSizes),
          text,
          Activations.byName(activation),
          loss(text),
          BALANCED.equals(classWeights),
          descent.descent(),
          descent.schedule(),
          batches(),
          epochs,
          new StoppingOptions(patience, targetLoss, maxSeconds),
          seed,
          engine.options(),
          modelFile,
          picture,
          report);
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private BatchOptions batches() {
    if (!batch.equals(FULL) && !batch.matches("-?[0-9]{1,9}")) {
      throw GradusException.mismatch("batch", "a number of rows, or " + FULL, batch);
    }
    return new BatchOptions(
        batch.equals(FULL) ? BatchOptions.FULL : Integer.parseInt(batch),
        dropLast,
        balanced,
        augment == null ? null : Augmentations.parse(augment));
  }

  private static void requireAtLeastOne(final String name, final int value) {
    if (value < 1) {
      throw GradusException.outOfRange(name, "1 or more", value);
    }
  }

  private static String stem(final Path file) {
    final String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  private Loss loss(final ModelText text) {
    final Loss plain = text.loss(loss);
    if (labelSmoothing == null && classWeights == null) {
      return plain;
    }
    if (!(plain instanceof ClassLoss ofClasses)) {
      throw GradusException.mismatch(
          "loss with --label-smoothing or --class-weights", "cross-entropy", plain.name());
    }
    final ClassLoss smooth =
        labelSmoothing == null ? ofClasses : ofClasses.withLabelSmoothing(labelSmoothing);
    return classWeights == null || classWeights.equals(BALANCED)
        ? smooth
        : smooth.withClassWeights(numbers(classWeights));
  }

  private static float[] numbers(final String text) {
    final String[] words = text.split(",", -1);
    final float[] numbers = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        numbers[i] = Float.parseFloat(words[i].strip());
      } catch (final NumberFormatException e) {
        throw new GradusException(
            "--class-weights mismatch: expected=balanced or numbers with commas between, actual=\""
                + text
                + '"',
            e);
      }
    }
    return numbers;
  }
}
