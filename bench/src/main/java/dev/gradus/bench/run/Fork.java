package dev.gradus.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gradus.bench.work.TurnsProfiler;
import dev.gradus.bench.work.WorkProfiler;
import dev.gradus.memory.GradusException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs a benchmark by JMH in fresh JVMs, with an environment that holds what the contender asks for
 * and no setting of OpenBLAS left over from the user's shell.
 */
public final class Fork {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SECONDS_FOR_SETUP = 300;

  /**
   * Variables that hold the JVM, OpenBLAS, MKL, oneDNN and libtorch to AVX2: vectors of 256 bits.
   */
  static final Map<String, String> AVX2 =
      Map.of(
          "JDK_JAVA_OPTIONS", "-XX:UseAVX=2",
          "OPENBLAS_CORETYPE", "Haswell",
          "MKL_ENABLE_INSTRUCTIONS", "AVX2",
          "ONEDNN_MAX_CPU_ISA", "AVX2",
          "ATEN_CPU_CAPABILITY", "avx2");

  private final List<String> prefix;
  private final String classPath;
  private final boolean avx2;

  /**
   * Makes one.
   *
   * @param prefix words before the command of each JVM, {@code taskset -c 2} for one.
   * @param classPath of the benchmarks.
   */
  public Fork(final List<String> prefix, final String classPath) {
    this(prefix, classPath, false);
  }

  /** One whose JVMs are held to {@link #AVX2} where {@code avx2} says so. */
  Fork(final List<String> prefix, final String classPath, final boolean avx2) {
    this.prefix = List.copyOf(prefix);
    this.classPath = classPath;
    this.avx2 = avx2;
  }

  /**
   * One fork of a contender, which takes turns with others that run at the same time.
   *
   * @param turns the file of their {@link dev.gradus.bench.work.Turns}.
   * @param party which of them it is.
   * @param parties how many there are.
   */
  Sample run(
      final Contender contender,
      final Effort effort,
      final Path turns,
      final int party,
      final int parties) {
    final List<String> options = new ArrayList<>();
    contender
        .parameters()
        .forEach((name, value) -> options.addAll(List.of("-p", name + "=" + value)));
    options.addAll(List.of("-f", "1", "-prof", TurnsProfiler.class.getName()));
    options.addAll(List.of("-prof", WorkProfiler.class.getName()));
    options.addAll(contender.isCold() ? Effort.ONCE : effort.options());
    final Map<String, String> environment = new HashMap<>(contender.environment());
    environment.putAll(TurnsProfiler.environment(turns, party, parties));
    final long limit = SECONDS_FOR_SETUP + 5 * (long) effort.seconds(parties);
    try {
      final JsonNode reports = run(contender.benchmark(), options, environment, limit);
      return sample(reports.get(0));
    } catch (final GradusException e) {
      return Sample.failed(e.getMessage());
    }
  }

  /**
   * Runs one benchmark.
   *
   * @return JMH's reports, at least one.
   * @throws GradusException where there is none; says what the log says.
   */
  JsonNode run(
      final String benchmark,
      final List<String> options,
      final Map<String, String> environment,
      final long limitSeconds) {
    try {
      final Path folder = Files.createTempDirectory("gradus-bench");
      final Path report = folder.resolve("report.json");
      final Path log = folder.resolve("log.txt");
      try {
        return run(
            builder(benchmark, options, environment, report, log), limitSeconds, report, log);
      } finally {
        Files.deleteIfExists(report);
        Files.deleteIfExists(log);
        Files.deleteIfExists(folder);
      }
    } catch (final IOException e) {
      throw new GradusException("cannot run " + benchmark + ": " + e.getMessage(), e);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GradusException("interrupted while " + benchmark + " ran", e);
    }
  }

  ProcessBuilder builder(
      final String benchmark,
      final List<String> options,
      final Map<String, String> environment,
      final Path report,
      final Path log) {
    final List<String> command = new ArrayList<>(prefix);
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    // JMH would refuse to run beside those it takes turns with.
    command.addAll(List.of("-Djmh.ignoreLock=true", "-cp", classPath, "org.openjdk.jmh.Main"));
    command.add("^" + benchmark.replace(".", "\\.") + "$");
    command.addAll(options);
    command.addAll(List.of("-foe", "true", "-rf", "json", "-rff", report.toString()));
    final ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
    builder.environment().putAll(environment);
    if (avx2) {
      builder.environment().putAll(AVX2);
    }
    return builder;
  }

  private static JsonNode run(
      final ProcessBuilder builder, final long limitSeconds, final Path report, final Path log)
      throws IOException, InterruptedException {
    final Process process = builder.start();
    try {
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        throw new GradusException("no result after " + limitSeconds + " s");
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0 || !Files.exists(report)) {
      throw new GradusException(reason(Files.readAllLines(log)));
    }
    final JsonNode reports = JSON.readTree(report.toFile());
    if (reports.isEmpty()) {
      throw new GradusException(reason(Files.readAllLines(log)));
    }
    return reports;
  }

  static Sample sample(final JsonNode report) {
    final JsonNode metric = report.path("primaryMetric");
    final double micros = microsPerUnit(metric.path("scoreUnit").asText());
    final Map<String, Double> secondary = new LinkedHashMap<>();
    report
        .path("secondaryMetrics")
        .forEachEntry((name, node) -> secondary.put(name, node.path("score").asDouble()));
    final Map<Double, Double> percentiles = new LinkedHashMap<>();
    if (report.path("mode").asText().equals("sample")) {
      metric
          .path("scorePercentiles")
          .forEachEntry(
              (percent, node) ->
                  percentiles.put(Double.parseDouble(percent), node.asDouble() * micros));
      final List<Double> turns = new ArrayList<>();
      final NavigableMap<Double, Long> all = new TreeMap<>();
      for (final JsonNode iteration : metric.path("rawDataHistogram").path(0)) {
        final NavigableMap<Double, Long> counts = new TreeMap<>();
        for (final JsonNode bin : iteration) {
          counts.put(bin.path(0).asDouble() * micros, bin.path(1).asLong());
        }
        turns.add(quantile(counts, 0.5));
        counts.forEach((time, count) -> all.merge(time, count, Long::sum));
      }
      final double quiet = quantile(all, Sample.QUIET);
      return new Sample(percentiles.get(50.0), quiet, turns, percentiles, secondary, null);
    }
    final List<Double> turns = new ArrayList<>();
    metric.path("rawData").path(0).forEach(iteration -> turns.add(iteration.asDouble() * micros));
    final double middle = Figures.median(iterations(metric)) * micros;
    return new Sample(middle, Collections.min(turns), turns, percentiles, secondary, null);
  }

  /** The least value below or at which a share of all lies. */
  private static double quantile(final NavigableMap<Double, Long> counts, final double share) {
    final long all = counts.values().stream().mapToLong(Long::longValue).sum();
    long below = 0;
    for (final Map.Entry<Double, Long> entry : counts.entrySet()) {
      below += entry.getValue();
      if (below >= share * all) {
        return entry.getKey();
      }
    }
    throw new GradusException("a sampled benchmark without samples");
  }

  /** The scores of all iterations of all forks, sorted. */
  static double[] iterations(final JsonNode metric) {
    final List<Double> scores = new ArrayList<>();
    for (final JsonNode fork : metric.path("rawData")) {
      for (final JsonNode iteration : fork) {
        scores.add(iteration.asDouble());
      }
    }
    final double[] sorted = scores.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static double microsPerUnit(final String unit) {
    return switch (unit) {
      case "ns/op" -> 1e-3;
      case "us/op" -> 1;
      case "ms/op" -> 1e3;
      case "s/op" -> 1e6;
      default -> throw GradusException.mismatch("unit of a benchmark", "time for each op", unit);
    };
  }

  /**
   * The last cause of a log that is not JMH's own, else its first exception, else its last line
   * that is not blank.
   */
  static String reason(final List<String> log) {
    String last = "no output";
    String exception = null;
    for (final String line : log) {
      final String text = line.strip().replaceFirst("^Exception in thread \"[^\"]*\" ", "");
      if (text.startsWith("Caused by: ") && !text.contains("org.openjdk.jmh.")) {
        exception = text.substring("Caused by: ".length());
      } else if (exception == null
          && text.matches("([\\w$]+\\.)+[\\w$]*(Exception|Error)(: .*)?")) {
        exception = text;
      }
      last = text.isEmpty() ? last : text;
    }
    return exception == null ? last : exception;
  }
}
