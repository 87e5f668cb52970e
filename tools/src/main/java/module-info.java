/** The command line, plots and data preparation. */
module dev.gradus.tools {
  requires dev.gradus.engine;
  requires info.picocli;
}
