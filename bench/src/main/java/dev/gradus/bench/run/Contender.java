package dev.gradus.bench.run;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One way to do the work of a row: a benchmark with fixed parameters, measured in JVMs of its own.
 *
 * @param title its name in reports.
 * @param ours whether it is Gradus.
 * @param benchmark class and method.
 * @param parameters of the benchmark.
 * @param environment variables of its JVM beside the user's.
 */
public record Contender(
    String title,
    boolean ours,
    String benchmark,
    Map<String, String> parameters,
    Map<String, String> environment) {
  /** The benchmark of a JVM's first operation. */
  static final String WARM_UP = "step.WarmUpBench.warmUp";

  public Contender {
    parameters = new LinkedHashMap<>(parameters);
    environment = Map.copyOf(environment);
  }

  /** Whether a JVM does the work once, cold, instead of over and over. */
  boolean isCold() {
    return benchmark.endsWith(WARM_UP);
  }

  /** The same benchmark with one thread: what more of them are measured against. */
  Contender onOneThread() {
    final Map<String, String> fewer = new LinkedHashMap<>(parameters);
    fewer.put("threads", "1");
    return new Contender("1 thread", false, benchmark, fewer, environment);
  }

  /** Gradus, in a benchmark of the package {@code dev.gradus.bench}. */
  public static Contender gradus(
      final String title, final String benchmark, final String... namesAndValues) {
    final Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Contender(title, true, "dev.gradus.bench." + benchmark, parameters, Map.of());
  }
}
