package dev.gradus.tools.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.model.ModelCard;
import dev.gradus.tools.model.Models;
import dev.gradus.tools.report.AtomicFile;
import dev.gradus.tools.scoring.Predictions;
import dev.gradus.tools.scoring.Reconstruction;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a saved model on a file. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Prints, for each row of a file, the likeliest class and its probability with a tab"
            + " between; of a model of numbers, the number; of an autoencoder, the root of the mean"
            + " squared error of its reconstruction.")
final class PredictCommand implements Callable<Integer> {
  private static final int FLUSH_CHARS = 1 << 13;

  @Spec private CommandSpec spec;
  @Mixin private ModelMixin model;
  @Mixin private EngineMixin engineOptions;
  @Mixin private CsvMixin csvOptions;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write a CSV file with a header, class,probability or value, instead; of an autoencoder,"
              + " the reconstructions.")
  private Path out;

  @Override
  public Integer call() {
    final EngineOptions options;
    final CsvOptions csv;
    try {
      options = engineOptions.options();
      csv = csvOptions.options();
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (out != null) {
      AtomicFile.requireWritable(out);
    }
    try (Engine engine = Engine.open(options);
        ModelFile file = Models.read(engine, model.from())) {
      final ModelCard card = ModelCard.of(file);
      final Samples samples = model.samples(card, csv);
      if (card.reconstructs()) {
        reconstruct(engine, file, card, samples);
        return 0;
      }
      final Predictions predictions = Predictions.of(engine, file, card, samples);
      if (out == null) {
        print(predictions, card, spec.commandLine().getOut());
      } else {
        AtomicFile.makeFolderOf(out);
        AtomicFile.write(out, stream -> write(predictions, card, stream));
      }
    }
    return 0;
  }

  private void reconstruct(
      final Engine engine, final ModelFile file, final ModelCard card, final Samples samples) {
    if (out != null) {
      AtomicFile.makeFolderOf(out);
      AtomicFile.write(out, stream -> write(engine, file, card, samples, stream));
      return;
    }
    final PrintWriter lines = spec.commandLine().getOut();
    Reconstruction.of(
        engine,
        file,
        card,
        samples,
        (values, error) -> lines.println(String.format(Locale.ROOT, "%.6f", error)));
    lines.flush();
  }

  private static void write(
      final Engine engine,
      final ModelFile file,
      final ModelCard card,
      final Samples samples,
      final OutputStream stream)
      throws IOException {
    final CsvWriter csv = CsvWriter.builder().build(stream, StandardCharsets.UTF_8);
    csv.writeRecord(Reconstruction.names(card));
    final String[] cells = new String[card.encoder().width()];
    Reconstruction.of(
        engine,
        file,
        card,
        samples,
        (values, error) -> {
          for (int i = 0; i < cells.length; i++) {
            cells[i] = Float.toString((float) values[i]);
          }
          csv.writeRecord(cells);
        });
    csv.flush();
  }

  private static void print(
      final Predictions predictions, final ModelCard card, final PrintWriter out) {
    final StringBuilder lines = new StringBuilder();
    for (int row = 0; row < predictions.values().length && !out.checkError(); row++) {
      if (!card.isRegression()) {
        lines.append(card.classes().names().get(predictions.classes()[row])).append('\t');
      }
      lines.append(value(predictions, card, row)).append(System.lineSeparator());
      if (lines.length() > FLUSH_CHARS) {
        out.print(lines);
        lines.setLength(0);
      }
    }
    out.print(lines);
    out.flush();
  }

  private static void write(
      final Predictions predictions, final ModelCard card, final OutputStream stream)
      throws IOException {
    final CsvWriter csv = CsvWriter.builder().build(stream, StandardCharsets.UTF_8);
    if (card.isRegression()) {
      csv.writeRecord("value");
    } else {
      csv.writeRecord("class", "probability");
    }
    for (int row = 0; row < predictions.values().length; row++) {
      final String value = value(predictions, card, row);
      if (card.isRegression()) {
        csv.writeRecord(value);
      } else {
        csv.writeRecord(card.classes().names().get(predictions.classes()[row]), value);
      }
    }
    csv.flush();
  }

  private static String value(final Predictions predictions, final ModelCard card, final int row) {
    final double value = predictions.values()[row];
    return card.isRegression()
        ? Float.toString((float) value)
        : String.format(Locale.ROOT, "%.6f", value);
  }
}
