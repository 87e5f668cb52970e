/** JMH benchmarks of the engine, their baselines and the regression gate. */
module dev.gradus.bench {
  requires dev.gradus.engine;
  requires jdk.incubator.vector;
  requires jmh.core;
}
