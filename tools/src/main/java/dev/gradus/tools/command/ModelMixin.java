package dev.gradus.tools.command;

import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.data.Source;
import dev.gradus.tools.model.ModelCard;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of a saved model and the data to use it on. */
final class ModelMixin {
  @Option(
      names = "--from",
      paramLabel = "MODEL",
      required = true,
      description = "The model's file, as train wrote it.")
  private Path from;

  @Option(
      names = "--data",
      paramLabel = "DIR|FILE",
      required = true,
      description =
          "A folder of IDX files (its t10k part where it has one), an IDX file of images, a CSV"
              + " table, or the word digits for those that ship with Gradus.")
  private String data;

  Path from() {
    return from;
  }

  /** The data, read as the model's card says; what the command line says of the target wins. */
  Samples samples(final ModelCard card, final CsvOptions csv) {
    final boolean named = !csv.target().isEmpty();
    final boolean numbered = csv.target().matches("[0-9]{1,9}");
    return Source.forScoring(
        data,
        csv,
        card.features(),
        named ? csv.target() : card.target(),
        numbered ? Integer.parseInt(csv.target()) - 1 : card.targetColumn(),
        card.categorical());
  }
}
