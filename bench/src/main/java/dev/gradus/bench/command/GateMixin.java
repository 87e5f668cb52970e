package dev.gradus.bench.command;

import dev.gradus.bench.gate.Baseline;
import dev.gradus.bench.gate.Estimate;
import dev.gradus.bench.gate.ExactChecks;
import dev.gradus.bench.gate.ForkedRatios;
import dev.gradus.bench.gate.GateTable;
import dev.gradus.bench.gate.Pair;
import dev.gradus.bench.gate.Pairs;
import dev.gradus.bench.gate.RatioGate;
import dev.gradus.bench.gate.Version;
import dev.gradus.bench.run.Effort;
import dev.gradus.bench.run.Fork;
import dev.gradus.bench.run.Machine;
import dev.gradus.bench.run.Row;
import dev.gradus.bench.run.Suites;
import dev.gradus.memory.GradusException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of the gate, and the gate. */
final class GateMixin {
  /** Set by the launcher: where the repository is. */
  private static final String ROOT = "gradus.root";

  @Option(
      names = "--gate",
      description =
          "Exact checks, then ratios against the baseline of this CPU or --against a commit; ends"
              + " with 1 where one fails or got slower.")
  private boolean gate;

  @Option(names = "--exact-only", description = "The gate's exact checks alone.")
  private boolean exactOnly;

  @Option(names = "--update-baselines", description = "Write the baseline of this CPU anew.")
  private boolean update;

  @Option(
      names = "--baselines",
      paramLabel = "DIR",
      description = "The folder of baselines. Default: bench/baselines")
  private Path folder = root().resolve("bench").resolve("baselines");

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "How much slower is tolerated. Default: 0.1")
  private double margin;

  boolean isAsked() {
    return gate || exactOnly || update;
  }

  static Path root() {
    return Path.of(System.getProperty(ROOT, "")).toAbsolutePath();
  }

  void requireArguments(final String suite, final List<String> only) {
    if (update && !(suite.equals(Suites.ALL) && only.isEmpty())) {
      throw GradusException.mismatch("rows of --update-baselines", "all", suite + " " + only);
    }
    if (!(margin > 0 && margin < 10)) {
      throw GradusException.outOfRange("margin", "above 0 and below 10", margin);
    }
  }

  /** The exact checks; whether all passed. */
  static boolean exact(final Path model, final int batch, final PrintWriter out) {
    final Map<String, String> models = new LinkedHashMap<>();
    if (model == null) {
      models.put("mlp", "adam");
      models.put("tiny", "sgd");
    } else {
      models.put(model.toString(), "adam");
    }
    boolean passed = true;
    for (final Map.Entry<String, String> entry : models.entrySet()) {
      for (final ExactChecks.Finding finding :
          ExactChecks.of(entry.getKey(), entry.getValue(), batch)) {
        out.println(finding.describe());
        out.flush();
        passed &= finding.passed();
      }
    }
    return passed;
  }

  /**
   * What was asked for of exact checks and ratios.
   *
   * @param rows of the suite, for a comparison with another version.
   * @param pairs for one with the baseline.
   * @param against {@code none}, {@code baseline} or a commit.
   * @param glance the ratios are told, not judged.
   * @return whether nothing failed and nothing got slower; true without a gate.
   */
  boolean run(
      final List<Row> rows,
      final List<Pair> pairs,
      final String against,
      final boolean glance,
      final int threads,
      final List<String> prefix,
      final boolean exactPassed,
      final PrintWriter out,
      final PrintWriter log) {
    if (exactOnly) {
      return exactPassed;
    }
    final Fork fork = new Fork(prefix, System.getProperty("java.class.path"));
    final boolean ratiosPassed;
    if (List.of("none", "baseline").contains(against)) {
      final Effort effort = glance ? Effort.GLANCE : Effort.GATE;
      final ForkedRatios source = new ForkedRatios(fork, fork, effort, log);
      if (glance) {
        tell(pairs, threads, source, out);
        return exactPassed;
      }
      ratiosPassed =
          update ? update(pairs, threads, source, out) : judge(pairs, threads, source, out);
    } else {
      ratiosPassed = compare(rows, against, prefix, fork, out, log);
    }
    return exactPassed && (ratiosPassed || !gate);
  }

  private boolean update(
      final List<Pair> pairs, final int threads, final ForkedRatios source, final PrintWriter out) {
    final Machine machine = Machine.detect();
    final Map<String, Estimate> ratios = new LinkedHashMap<>();
    final List<RatioGate.Finding> findings = new RatioGate(margin).judge(pairs, Map.of(), source);
    boolean complete = true;
    for (final RatioGate.Finding finding : findings) {
      complete &= !finding.isAlarm();
      if (finding.now() != null) {
        ratios.put(finding.pair().name(), finding.now());
      }
    }
    out.print(GateTable.of(findings));
    if (complete) {
      final Path file = Baseline.file(folder, machine, threads);
      new Baseline(machine.cpuClass(), machine.jdkFeature(), threads, ratios).write(file);
      out.println("written: " + file);
    }
    return complete;
  }

  private void tell(
      final List<Pair> pairs, final int threads, final ForkedRatios source, final PrintWriter out) {
    final Machine machine = Machine.detect();
    final Path file = Baseline.file(folder, machine, threads);
    final Map<String, Estimate> before =
        Files.exists(file) ? Baseline.read(file, machine, threads).ratios() : Map.of();
    out.print(GateTable.of(RatioGate.tell(pairs, before, source)));
  }

  private boolean judge(
      final List<Pair> pairs, final int threads, final ForkedRatios source, final PrintWriter out) {
    final Machine machine = Machine.detect();
    final Path file = Baseline.file(folder, machine, threads);
    if (!Files.exists(file)) {
      out.println(
          "no baseline for "
              + machine.cpu()
              + " at "
              + threads
              + " thread(s): no ratio was compared (--update-baselines writes "
              + file
              + ")");
      return true;
    }
    final Baseline baseline = Baseline.read(file, machine, threads);
    return print(new RatioGate(margin).judge(pairs, baseline.ratios(), source), out);
  }

  /** Rows of this version over the same of the commit where the two parted. */
  private boolean compare(
      final List<Row> rows,
      final String against,
      final List<String> prefix,
      final Fork fork,
      final PrintWriter out,
      final PrintWriter log) {
    final String commit = Version.mergeBase(root(), against);
    log.println("building " + commit + " ...");
    log.flush();
    try (Version version = Version.build(root(), commit)) {
      final Fork other = new Fork(prefix, version.classPath());
      final List<Pair> pairs = Pairs.beside(rows, commit.substring(0, 8));
      final Map<String, Estimate> same = new LinkedHashMap<>();
      for (final Pair pair : pairs) {
        same.put(pair.name(), new Estimate(1, 1, 1, Effort.GATE.rounds()));
      }
      final ForkedRatios source = new ForkedRatios(fork, other, Effort.GATE, log);
      return print(new RatioGate(margin).judge(pairs, same, source), out);
    }
  }

  private static boolean print(final List<RatioGate.Finding> findings, final PrintWriter out) {
    out.print(GateTable.of(findings));
    return findings.stream().noneMatch(RatioGate.Finding::isAlarm);
  }
}
