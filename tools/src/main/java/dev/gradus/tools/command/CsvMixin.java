package dev.gradus.tools.command;

import dev.gradus.tools.data.CsvOptions;
import picocli.CommandLine.Option;

/** Options of how a CSV table is read. */
final class CsvMixin {
  @Option(
      names = "--target",
      paramLabel = "NAME|NUMBER",
      defaultValue = "",
      description = "CSV: the column with the targets, by name or number from 1. Default: the last")
  private String target;

  @Option(
      names = "--header",
      paramLabel = "auto|yes|no",
      defaultValue = "auto",
      description = "CSV: whether the first line names the columns. Default: auto")
  private String header;

  @Option(
      names = "--separator",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "CSV: auto, comma, semicolon or tab, or the character itself. Default: auto")
  private String separator;

  /**
   * The options, checked.
   *
   * @throws dev.gradus.memory.GradusException where one is unknown.
   */
  CsvOptions options() {
    return options(CsvOptions.NONE);
  }

  /**
   * The options, checked, of data to train with.
   *
   * @param categorical see {@link CsvOptions#categorical}.
   * @throws dev.gradus.memory.GradusException where one is unknown.
   */
  CsvOptions options(final String categorical) {
    return new CsvOptions(
        target,
        CsvOptions.Header.byName(header),
        CsvOptions.separatorByName(separator),
        categorical);
  }
}
