package dev.gradus.tools.command;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.nn.Presets;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.text.Characters;
import dev.gradus.tools.text.TextModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Learns to write like a text. */
@Command(
    name = "text",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Trains an LSTM, or another model, to foretell the next character of a text, prints its"
            + " loss on the text's last tenth after each epoch, and a sample of what it writes.")
final class TextCommand implements Callable<Integer> {
  private static final String CHAR_LSTM = "char-lstm";

  @Spec private CommandSpec spec;
  @Mixin private EngineMixin engineOptions;

  @Option(names = "--data", paramLabel = "FILE", required = true, description = "Text in UTF-8.")
  private Path data;

  @Option(
      names = "--model",
      paramLabel = "NAME|LAYERS",
      defaultValue = CHAR_LSTM,
      description =
          "${DEFAULT-VALUE}, which is \"embedding(out,32) lstm(128,stateful) dense(out)\"; or"
              + " layers, where out stands for the number of characters. Default: ${DEFAULT-VALUE}")
  private String model;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "64",
      description = "Characters that gradients reach back. Default: 64")
  private int steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Streams of text read side by side. Default: 32")
  private int batch;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "6",
      description = "Times the text is read. Default: 6")
  private int epochs;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      defaultValue = "0.005",
      description = "Adam's learning rate, a tenth of it in the last epoch. Default: 0.005")
  private double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed, the same model. Default: 1")
  private long seed;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "400",
      description = "Characters to write in the end. Default: 400")
  private int sample;

  @Override
  public Integer call() {
    final EngineOptions options;
    final TextModel.Settings settings;
    try {
      options = engineOptions.options();
      settings = new TextModel.Settings(layers(), steps, batch, learningRate, seed);
      requirePositive("--steps", steps);
      requirePositive("--batch", batch);
      requirePositive("--epochs", epochs);
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    final Characters text = Characters.read(data);
    try (Engine engine = Engine.open(options);
        TextModel model = TextModel.open(engine, text, settings)) {
      final PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "%d characters, %d different; %s, %d parameters%n",
          text.length(),
          text.size(),
          model.describe(),
          model.parameterCount());
      train(model, out);
      out.println(model.sample(sample, 0.8, seed));
      out.flush();
    }
    return 0;
  }

  private String layers() {
    if (model.contains("(")) {
      return model;
    }
    if (!model.equals(CHAR_LSTM)) {
      throw Names.unknown("model of text", model, Set.of(CHAR_LSTM));
    }
    return Presets.all().get(model);
  }

  private static void requirePositive(final String option, final int value) {
    if (value < 1) {
      throw GradusException.outOfRange(option, "1 or more", value);
    }
  }

  private void train(final TextModel model, final PrintWriter out) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      model.learningRate(epoch == epochs && epochs > 1 ? learningRate / 10 : learningRate);
      final long start = System.nanoTime();
      double loss = 0;
      for (int number = 0; number < model.batches(); number++) {
        loss += model.step(number);
      }
      final double seconds = (System.nanoTime() - start) / 1e9;
      out.printf(
          Locale.ROOT,
          "epoch %d: loss %.4f, validation %.4f nats a character, %.1f s, %.2f ms a step%n",
          epoch,
          loss / model.batches(),
          model.validate(),
          seconds,
          seconds / model.batches() * 1e3);
      out.flush();
    }
  }
}
