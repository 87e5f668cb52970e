/** The command line, plots and data preparation. */
module dev.gradus.tools {
  requires com.fasterxml.jackson.core;
  requires de.siegmar.fastcsv;
  requires transitive dev.gradus.engine;
  requires transitive info.picocli;
  // The picture of a training run.
  requires java.desktop;
  // Heap bytes of each thread.
  requires java.management;
  requires jdk.management;
  requires me.tongfei.progressbar;
  // No descriptors of their own: the names come from the names of their jars.
  requires HdrHistogram;
  requires xchart;

  // For the command of the benchmarks.
  exports dev.gradus.tools.command;
  exports dev.gradus.tools.data;
  exports dev.gradus.tools.report;

  uses dev.gradus.gemm.GemmProvider;

  // It reads and sets the fields of commands.
  opens dev.gradus.tools.command to
      info.picocli;
}
