/** JMH benchmarks of the engine, their reports, baselines and the regression gate. */
module dev.gradus.bench {
  requires com.fasterxml.jackson.databind;
  requires dev.gradus.engine;
  requires dev.gradus.tools;
  requires info.picocli;
  requires java.management;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires jmh.core;

  uses dev.gradus.bench.run.Peers;

  // It reads and sets the fields of commands.
  opens dev.gradus.bench.command to
      info.picocli;
}
