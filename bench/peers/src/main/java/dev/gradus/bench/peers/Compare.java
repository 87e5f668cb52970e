package dev.gradus.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Runs Gradus and its peers side by side. Each measurement is a fresh JVM; the contenders of a case
 * take turns, in another order each round, so that whatever else the machine does meets all of them
 * alike.
 */
@Command(
    name = "peers.sh",
    mixinStandardHelpOptions = true,
    description = "Times Gradus and other engines doing the same work, in turns.",
    showDefaultValues = true)
public final class Compare implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--suite", split = ",", description = "step, predict, gemm")
  private List<String> suites = List.of("step", "predict");

  @Option(names = "--threads", split = ",", description = "numbers of threads")
  private List<Integer> threads = List.of(1, 2);

  @Option(names = "--batch", split = ",", description = "batch sizes of the steps")
  private List<Integer> batches = List.of(1, 64, 256, 1024);

  @Option(names = "--predict-batch", split = ",", description = "batch sizes of the predictions")
  private List<Integer> predictBatches = List.of(1, 64);

  @Option(names = "--optimizer", split = ",", description = "sgd, adam")
  private List<String> optimizers = List.of("sgd", "adam");

  @Option(names = "--shape", split = ",", description = "products, MxNxK and transposes")
  private List<String> shapes =
      List.of(
          "64x64x64",
          "256x256x256",
          "1024x1024x1024",
          "64x256x784",
          "784x256x64 TN",
          "64x784x256 NT",
          "64x10x256",
          "1x256x784");

  @Option(names = "--only", split = ",", description = "contenders; all if not given")
  private List<String> only = List.of();

  @Option(names = "--rounds", description = "forks of each contender in each case")
  private int rounds = 5;

  @Option(names = "--warmup", description = "seconds of warm-up in each fork")
  private int warmupSeconds = 3;

  @Option(names = "--seconds", description = "seconds measured in each fork")
  private int measureSeconds = 3;

  @Option(names = "--prefix", split = " ", description = "words before each JVM: \"taskset -c 2\"")
  private List<String> prefix = List.of();

  @Option(names = "--report", description = "where to write JSON")
  private Path report;

  public static void main(final String[] args) {
    System.exit(new CommandLine(new Compare()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    final List<Case> cases = requireArguments();
    final Fork fork = new Fork(prefix, warmupSeconds, measureSeconds);
    final Map<Integer, Double> peaks = new TreeMap<>();
    for (final int count : threads) {
      peaks.put(count, fork.peakGflops(count));
    }
    final Comparison comparison = new Comparison();
    final Report result = new Report(comparison, cpu(), peaks);
    for (int round = 0; round < rounds; round++) {
      for (final Case row : cases) {
        final List<Contender> order = new ArrayList<>(row.contenders());
        Collections.rotate(order, round);
        for (final Contender contender : order) {
          final Fork.Sample sample = fork.run(row, contender);
          comparison.add(row, contender, sample);
          System.err.printf(
              "round %d/%d, %s, %d thread(s), %s: %s%n",
              round + 1,
              rounds,
              row.name(),
              row.threads(),
              contender.title(),
              sample.failure() == null ? "%.2f us".formatted(sample.p50()) : sample.failure());
        }
      }
      if (report != null) {
        result.write(report); // after each round, so that an interrupted run is not lost
      }
    }
    System.out.print(result.table());
    return 0;
  }

  /** The cases asked for; whatever is wrong with the options is said before anything runs. */
  private List<Case> requireArguments() {
    require("--rounds", rounds);
    require("--warmup", warmupSeconds);
    require("--seconds", measureSeconds);
    threads.forEach(value -> require("--threads", value));
    batches.forEach(value -> require("--batch", value));
    predictBatches.forEach(value -> require("--predict-batch", value));
    if (report != null && !Files.isWritable(report.toAbsolutePath().getParent())) {
      throw usage("--report: expected=a file in a folder that can be written, actual=" + report);
    }
    try {
      return cases();
    } catch (final IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private List<Case> cases() {
    final List<Case> cases = new ArrayList<>();
    for (final String suite : suites) {
      for (final int count : threads) {
        switch (suite) {
          case "step" -> addSteps(cases, count);
          case "predict" -> {
            for (final int batch : predictBatches) {
              cases.add(Case.predict(batch, count, chosen(ModelContender.values())));
            }
          }
          case "gemm" -> {
            for (final String shape : shapes) {
              cases.add(Case.gemm(shape, count, chosen(GemmContender.values())));
            }
          }
          default ->
              throw new IllegalArgumentException(
                  "suite: expected=one of step, predict, gemm, actual=" + suite);
        }
      }
    }
    return cases;
  }

  private void addSteps(final List<Case> cases, final int count) {
    for (final String optimizer : optimizers) {
      for (final int batch : batches) {
        ModelTask.requireOptimizer(optimizer);
        cases.add(Case.step(optimizer, batch, count, chosen(ModelContender.values())));
      }
    }
  }

  /** Those of {@code all} that were asked for; a name that none has is an error. */
  private <C extends Contender> List<C> chosen(final C[] all) {
    final List<C> chosen = new ArrayList<>();
    if (only.isEmpty()) {
      Collections.addAll(chosen, all);
    }
    for (final String title : only) {
      chosen.add(Contender.named(title, all));
    }
    return chosen;
  }

  private void require(final String option, final int value) {
    if (value < 1) {
      throw usage(option + ": expected=1 or more, actual=" + value);
    }
  }

  private ParameterException usage(final String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The processor's name as Linux tells it, else the architecture. */
  private static String cpu() throws IOException {
    final Path file = Path.of("/proc/cpuinfo");
    if (Files.isReadable(file)) {
      String vendor = "";
      for (final String line : Files.readAllLines(file)) {
        final String[] words = line.split("\\s*:\\s*", 2);
        switch (words[0]) {
          case "cpu family" -> vendor += " family " + words[1];
          case "model name" -> vendor = words[1] + vendor;
          case "model" -> vendor += " model " + words[1];
          case "" -> {
            return vendor + ", " + Runtime.getRuntime().availableProcessors() + " processors";
          }
          default -> {} // not part of the name
        }
      }
    }
    return System.getProperty("os.arch");
  }
}
