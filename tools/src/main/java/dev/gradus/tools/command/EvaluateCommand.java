package dev.gradus.tools.command;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.model.ModelCard;
import dev.gradus.tools.model.Models;
import dev.gradus.tools.report.AtomicFile;
import dev.gradus.tools.report.JsonReport;
import dev.gradus.tools.scoring.Figure;
import dev.gradus.tools.scoring.ModelScore;
import dev.gradus.tools.scoring.Score;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Scores a saved model on a file. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Scores a saved model on all rows of a file whose targets are known: loss, accuracy,"
            + " top-3 accuracy, macro F1, log loss, calibration error, ROC AUC of two classes, and"
            + " which class was taken for which; of a model of numbers, loss, MAE, RMSE and R2; of"
            + " an autoencoder the same of its reconstructions, without targets.")
final class EvaluateCommand implements Callable<Integer> {
  private static final int MOST_CLASSES_SHOWN = 30;

  @Spec private CommandSpec spec;
  @Mixin private ModelMixin model;
  @Mixin private EngineMixin engineOptions;
  @Mixin private CsvMixin csvOptions;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the figures to FILE, too, one JSON object.")
  private Path report;

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
    try (Engine engine = Engine.open(options);
        ModelFile file = Models.read(engine, model.from())) {
      final ModelCard card = ModelCard.of(file);
      final Samples samples = model.samples(card, csv);
      if (report != null) {
        AtomicFile.requireWritable(report);
      }
      final Score score = ModelScore.of(engine, file, card, samples);
      print(score, card, spec.commandLine().getOut());
      if (report != null) {
        write(score);
      }
    }
    return 0;
  }

  private void write(final Score score) {
    final Map<String, Object> values = new LinkedHashMap<>();
    values.put("modelFile", model.from().toString());
    values.put("rows", score.rows());
    for (final Figure figure : score.figures()) {
      values.put(figure.key(), figure.value());
    }
    JsonReport.write(report, values);
  }

  private static void print(final Score score, final ModelCard card, final PrintWriter out) {
    final List<Figure> figures = score.figures();
    int width = 8;
    for (final Figure figure : figures) {
      width = Math.max(width, figure.label().length());
    }
    final String line = "%-" + width + "s  ";
    out.printf(line + "%d%n", "rows", score.rows());
    for (final Figure figure : figures) {
      // Errors in the target's own unit may be of any size.
      final boolean inUnits = figure.key().equals("mae") || figure.key().equals("rmse");
      out.printf(
          Locale.ROOT, line + (inUnits ? "%.6g%n" : "%.4f%n"), figure.label(), figure.value());
    }
    if (!card.isRegression() && score.classes() <= MOST_CLASSES_SHOWN) {
      printConfusion(score, card.classes().names(), out);
    }
    out.flush();
  }

  private static void printConfusion(
      final Score score, final List<String> names, final PrintWriter out) {
    int width = 5;
    for (final String name : names) {
      width = Math.max(width, name.length());
    }
    final String cell = "  %" + width + "s";
    out.printf("%nrows by class (down) and predicted class (across)%n" + cell, "");
    for (final String name : names) {
      out.printf(cell, name);
    }
    out.println();
    for (int label = 0; label < names.size(); label++) {
      out.printf(cell, names.get(label));
      for (int predicted = 0; predicted < names.size(); predicted++) {
        final long count = score.confusion(label, predicted);
        out.printf(cell, count == 0 ? "." : Long.toString(count));
      }
      out.println();
    }
  }
}
