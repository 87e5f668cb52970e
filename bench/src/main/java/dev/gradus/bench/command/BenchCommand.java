package dev.gradus.bench.command;

import dev.gradus.bench.gate.Pair;
import dev.gradus.bench.gate.Pairs;
import dev.gradus.bench.gate.Version;
import dev.gradus.bench.report.HtmlPage;
import dev.gradus.bench.report.JsonOutcome;
import dev.gradus.bench.report.Table;
import dev.gradus.bench.run.Effort;
import dev.gradus.bench.run.Measurement;
import dev.gradus.bench.run.Result;
import dev.gradus.bench.run.Row;
import dev.gradus.bench.run.Suites;
import dev.gradus.bench.work.Workload;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.tools.report.AtomicFile;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times Gradus, beside its peers where they are asked for. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Times Gradus beside the machine's limits and, where asked, other engines; each figure is"
            + " measured in fresh JVMs, after its result was checked.")
final class BenchCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      defaultValue = Suites.ALL,
      description = "gemm, step, predict, kernel, data, memory or all. Default: all")
  private String suite;

  @Option(
      names = "--row",
      paramLabel = "NAME",
      description =
          "Only the row of that name, as the table has it; several where repeated. With --gate: its"
              + " ratio, by what stands before \"over\".")
  private List<String> only = List.of();

  @Option(
      names = "--against",
      paramLabel = "WHAT",
      defaultValue = "none",
      description =
          "none; peers: other engines, in turns (downloads them); baseline: the ratios kept for"
              + " this CPU; or a commit: the version where it and this one parted. Default: none")
  private String against;

  @Option(
      names = "--quick",
      description =
          "The most telling rows, two forks each: the default. With --gate: ratios are measured"
              + " once and told, not judged.")
  private boolean quick;

  @Option(names = "--full", description = "All rows, five longer forks each.")
  private boolean full;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "JVMs for each figure. Default: two, with --full five")
  private Integer forks;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Threads, the calling one included; with commas between them, rows of each number."
              + " Default: 1")
  private List<Integer> threads;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Train and predict with a model of your own, instead of a suite.")
  private Path model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Batch for --model. Default: 64")
  private int batch;

  @Option(
      names = "--prefix",
      split = " ",
      paramLabel = "WORDS",
      description = "Words before each JVM's command: \"taskset -c 2\".")
  private List<String> prefix = List.of();

  @Option(names = "--avx2", description = "Hold Gradus and its peers to AVX2: vectors of 256 bits.")
  private boolean avx2;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the figures as JSON, and a page with plots beside it (.html).")
  private Path report;

  @Mixin private GateMixin gate;

  private List<Row> rows = List.of();
  private List<Pair> pairs = List.of(); // of the gate

  @Override
  public Integer call() {
    requireArguments();
    final PrintWriter out = spec.commandLine().getOut();
    final PrintWriter log = spec.commandLine().getErr();
    if (isGated()) {
      final boolean exact = !gate.isAsked() || GateMixin.exact(model, batch, out);
      final boolean passed =
          gate.run(rows, pairs, against, quick, threads.getFirst(), prefix, exact, out, log);
      out.flush();
      return passed ? 0 : FAILED;
    }
    final Effort standard = full ? Effort.FULL : Effort.QUICK;
    final Effort effort = forks == null ? standard : standard.withRounds(forks);
    final Measurement.Outcome outcome =
        new Measurement(prefix, effort, avx2, log)
            .run(rows, new TreeSet<>(threads), against.equals("peers"));
    out.print(Table.of(outcome));
    out.flush();
    if (report != null) {
      AtomicFile.makeFolderOf(report);
      JsonOutcome.write(report, outcome);
      HtmlPage.write(page(), outcome);
    }
    boolean failed = false;
    for (final Result result : outcome.results()) {
      failed |= Double.isNaN(result.ours().micros());
    }
    return failed ? FAILED : 0;
  }

  /** Beside the report, under its name. */
  private Path page() {
    final String name = report.getFileName().toString().replaceAll("\\.json$", "");
    return report.resolveSibling(name + ".html");
  }

  /** Finds the rows and ratios; whatever is wrong with the options is said before anything runs. */
  private void requireArguments() {
    try {
      if (quick && full) {
        throw GradusException.mismatch("effort", "--quick or --full", "both");
      }
      final int processors = Runtime.getRuntime().availableProcessors();
      for (final int count : threads) {
        if (count < 1 || count > processors) {
          throw GradusException.outOfRange("threads", "1 to " + processors, count);
        }
      }
      if (batch < 1) {
        throw GradusException.outOfRange("batch", "1 or more", batch);
      }
      if (forks != null && forks < 1) {
        throw GradusException.outOfRange("forks", "1 or more", forks);
      }
      if (threads.size() > 1 && isGated()) {
        throw GradusException.mismatch("--threads of the gate", "one number", "" + threads);
      }
      if (forks != null && isGated()) {
        throw GradusException.mismatch(
            "--forks of the gate", "none: its intervals need " + Effort.GATE.rounds(), "" + forks);
      }
      if (avx2 && isGated()) {
        throw GradusException.mismatch("vectors of the gate", "the machine's", "--avx2");
      }
      gate.requireArguments(suite, only);
      if (quick && gate.isAsked() && !List.of("none", "baseline").contains(against)) {
        throw GradusException.mismatch("--against of a quick gate", "baseline", against);
      }
      if (gate.isAsked() && against.equals("peers")) {
        throw GradusException.mismatch("--against of the gate", "baseline or a commit", against);
      }
      if (!List.of("none", "peers", "baseline").contains(against)) {
        Version.commit(GateMixin.root(), against);
      }
      if (report != null) {
        AtomicFile.requireWritable(report);
        AtomicFile.requireWritable(page());
      }
      if (model != null) {
        requireModel();
      }
      if (isGated() && List.of("none", "baseline").contains(against)) {
        rows = model == null ? List.of() : rows();
        final List<Pair> all =
            model == null
                ? Pairs.all(suite, threads.getFirst())
                : Pairs.model(rows, model.getFileName().toString());
        pairs = only(all, pair -> pair.name().replaceAll(" over .*", ""));
      } else {
        rows = only(rows(), Row::name);
      }
    } catch (final GradusException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** All rows of the suite or the model, for each number of threads. */
  private List<Row> rows() {
    final List<Row> all = new ArrayList<>();
    for (final int count : new TreeSet<>(threads)) {
      all.addAll(
          model == null
              ? Suites.rows(suite, full || !only.isEmpty(), count)
              : Suites.model(model.toString(), batch, count));
    }
    return all;
  }

  /** Whether ratios are judged, or exact checks run. */
  private boolean isGated() {
    return gate.isAsked() || !List.of("none", "peers").contains(against);
  }

  private void requireModel() {
    if (!Files.isReadable(model)) {
      throw GradusException.mismatch("model " + model, "a model file", "none that can be read");
    }
    Workload.open(model.toString(), batch, "java", 1).close();
  }

  /** Those named by {@code --row}, or all. */
  private <T> List<T> only(final List<T> all, final Function<T, String> name) {
    final List<String> names = all.stream().map(name).toList();
    for (final String one : only) {
      if (!names.contains(one)) {
        throw Names.unknown("row", one, names);
      }
    }
    return only.isEmpty()
        ? all
        : all.stream().filter(each -> only.contains(name.apply(each))).toList();
  }
}
