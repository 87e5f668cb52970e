package dev.gradus.tools.command;

/** The terminal, as far as the launcher told of it. */
final class Terminal {
  private static final String COLUMNS = "GRADUS_COLUMNS";
  private static final int FEWEST = 40;
  private static final int MOST = 160;

  private Terminal() {}

  /** Width of the terminal that stdout goes to; 0 where it goes elsewhere. */
  static int columns() {
    final String columns = System.getenv(COLUMNS);
    return columns == null || !columns.matches("[0-9]{1,4}")
        ? 0
        : Math.clamp(Integer.parseInt(columns), FEWEST, MOST);
  }
}
