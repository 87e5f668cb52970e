/** The command line, plots and data preparation. */
module dev.gradus.tools {
  requires com.fasterxml.jackson.core;
  requires de.siegmar.fastcsv;
  requires dev.gradus.engine;
  requires info.picocli;
  // The picture of a training run.
  requires java.desktop;
  requires me.tongfei.progressbar;
  // No descriptors of their own: the names come from the names of their jars.
  requires HdrHistogram;
  requires xchart;
}
