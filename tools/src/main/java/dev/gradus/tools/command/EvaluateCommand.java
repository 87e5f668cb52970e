package dev.gradus.tools.command;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.model.ModelCard;
import dev.gradus.tools.model.Models;
import dev.gradus.tools.scoring.ModelScore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Scores a saved model on a file. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Scores a saved model on all rows of a file whose targets are known: loss, accuracy and"
            + " which class was taken for which; of a model of numbers, RMSE and R2.")
final class EvaluateCommand implements Callable<Integer> {
  private static final int MOST_CLASSES_SHOWN = 30;

  @Spec private CommandSpec spec;
  @Mixin private ModelMixin model;
  @Mixin private EngineMixin engineOptions;
  @Mixin private CsvMixin csvOptions;

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
      final ModelScore score = ModelScore.of(engine, file, card, model.samples(file, card, csv));
      print(score, card, spec.commandLine().getOut());
    }
    return 0;
  }

  private static void print(final ModelScore score, final ModelCard card, final PrintWriter out) {
    out.printf(Locale.ROOT, "rows      %d%nloss      %.4f%n", score.rows(), score.loss());
    if (card.isRegression()) {
      out.printf(Locale.ROOT, "RMSE      %.6g%nR2        %.4f%n", score.rmse(), score.r2());
    } else {
      out.printf(Locale.ROOT, "accuracy  %.4f%n", score.accuracy());
      if (card.classes().size() <= MOST_CLASSES_SHOWN) {
        print(score.confusion(), card.classes().names(), out);
      }
    }
    out.flush();
  }

  private static void print(
      final int[][] confusion, final List<String> names, final PrintWriter out) {
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
    for (int c = 0; c < confusion.length; c++) {
      out.printf(cell, names.get(c));
      for (final int count : confusion[c]) {
        out.printf(cell, count == 0 ? "." : Integer.toString(count));
      }
      out.println();
    }
  }
}
