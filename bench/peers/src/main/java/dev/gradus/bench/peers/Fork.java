package dev.gradus.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gradus.bench.work.IdleProfiler;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs one benchmark of one contender by JMH in fresh JVMs, with an environment that holds what the
 * contender's set-up says and no setting of OpenBLAS left over from the user's shell.
 */
final class Fork {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<String> prefix;
  private final int warmupSeconds;
  private final int measureSeconds;

  /**
   * @param prefix words before the command of each JVM, {@code taskset -c 2} for one.
   */
  Fork(final List<String> prefix, final int warmupSeconds, final int measureSeconds) {
    this.prefix = prefix;
    this.warmupSeconds = warmupSeconds;
    this.measureSeconds = measureSeconds;
  }

  /**
   * What one fork measured.
   *
   * @param p50 microseconds; of an average-time benchmark the mean.
   * @param p99 microseconds; of an average-time benchmark the mean.
   * @param cpu microseconds of processor time of one operation, see {@link CpuTimeProfiler}.
   * @param bytes of heap allocated by one operation.
   * @param failure null, or why there are no figures.
   */
  record Sample(double p50, double p99, double cpu, double bytes, String failure) {
    static Sample failed(final String reason) {
      return new Sample(Double.NaN, Double.NaN, Double.NaN, Double.NaN, reason);
    }
  }

  Sample run(final Case row, final Contender contender) throws IOException, InterruptedException {
    final List<String> options = new ArrayList<>();
    row.parameters().forEach((name, value) -> addParameter(options, name, value));
    addParameter(options, "contender", contender.title());
    addParameter(options, "threads", Integer.toString(row.threads()));
    options.addAll(List.of("-prof", IdleProfiler.class.getName(), "-prof", "gc"));
    options.addAll(List.of("-prof", CpuTimeProfiler.class.getName()));
    options.addAll(List.of("-wi", Integer.toString(warmupSeconds), "-w", "1s"));
    options.addAll(List.of("-i", Integer.toString(measureSeconds), "-r", "1s"));
    return run(row.benchmark(), options, contender.environment(row.threads()), Fork::sample);
  }

  /**
   * The peak of multiply-adds in GFLOP/s, by as many threads: the best iteration, as the others
   * tell of what else the machine did.
   */
  double peakGflops(final int threads) throws IOException, InterruptedException {
    final List<String> options = List.of("-t", Integer.toString(threads));
    final Sample sample =
        run("dev.gradus.bench.limits.FmaPeakBench.fma", options, Map.of(), Fork::best);
    if (sample.failure() != null) {
      throw new IOException("peak of multiply-adds not measured: " + sample.failure());
    }
    return sample.p50();
  }

  private static Sample best(final JsonNode report) {
    double best = 0;
    for (final JsonNode fork : report.path("primaryMetric").path("rawData")) {
      for (final JsonNode iteration : fork) {
        best = Math.max(best, iteration.asDouble());
      }
    }
    return new Sample(best, best, 0, 0, null);
  }

  /** Turns JMH's report of one benchmark into figures. */
  private interface Reading {
    Sample of(JsonNode report);
  }

  private Sample run(
      final String benchmark,
      final List<String> options,
      final Map<String, String> environment,
      final Reading reading)
      throws IOException, InterruptedException {
    final Path folder = Files.createTempDirectory("gradus-peers");
    final Path report = folder.resolve("report.json");
    final Path log = folder.resolve("log.txt");
    try {
      final ProcessBuilder builder =
          new ProcessBuilder(command(benchmark, options, report))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
      builder.environment().putAll(environment);
      final Process process = builder.start();
      final long limit = 120 + 5L * (warmupSeconds + measureSeconds);
      if (!process.waitFor(limit, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return Sample.failed("no result after " + limit + " s");
      }
      if (process.exitValue() != 0 || !Files.exists(report)) {
        final String reason = reason(Files.readAllLines(log));
        return Sample.failed("exit code " + process.exitValue() + ": " + reason);
      }
      final JsonNode reports = JSON.readTree(report.toFile());
      return reports.isEmpty()
          ? Sample.failed(reason(Files.readAllLines(log)))
          : reading.of(reports.get(0));
    } finally {
      Files.deleteIfExists(report);
      Files.deleteIfExists(log);
      Files.deleteIfExists(folder);
    }
  }

  private List<String> command(
      final String benchmark, final List<String> options, final Path report) {
    final List<String> command = new ArrayList<>(prefix);
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jmh.Main"));
    command.add("^" + benchmark.replace(".", "\\.") + "$");
    command.addAll(options);
    command.addAll(List.of("-f", "1", "-foe", "true", "-rf", "json", "-rff", report.toString()));
    return command;
  }

  private static void addParameter(
      final List<String> options, final String name, final String value) {
    options.add("-p");
    options.add(name + "=" + value);
  }

  private static Sample sample(final JsonNode report) {
    final JsonNode metric = report.path("primaryMetric");
    final double mean = metric.path("score").asDouble();
    final boolean sampled = report.path("mode").asText().equals("sample");
    final JsonNode percentiles = metric.path("scorePercentiles");
    final JsonNode secondary = report.path("secondaryMetrics");
    final double cpu = secondary.path(CpuTimeProfiler.RESULT).path("score").asDouble(Double.NaN);
    final double bytes = secondary.path("gc.alloc.rate.norm").path("score").asDouble(Double.NaN);
    return new Sample(
        sampled ? percentiles.path("50.0").asDouble() : mean,
        sampled ? percentiles.path("99.0").asDouble() : mean,
        cpu,
        bytes,
        null);
  }

  /** The first exception of a log, else its last line that is not blank. */
  static String reason(final List<String> log) {
    String last = "no output";
    for (final String line : log) {
      final String text = line.strip();
      if (text.matches("([\\w$]+\\.)+[\\w$]*(Exception|Error)(: .*)?")) {
        return text;
      }
      last = text.isEmpty() ? last : text;
    }
    return last;
  }
}
