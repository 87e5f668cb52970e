package dev.gradus.bench.report;

import dev.gradus.bench.run.Figures;
import dev.gradus.bench.run.Limits;
import dev.gradus.bench.run.Machine;
import dev.gradus.bench.run.Measurement;
import dev.gradus.bench.run.Result;
import dev.gradus.bench.run.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as text: the machine and its limits, a line for each row, and why peers are missing. */
public final class Table {
  private static final String LINE = "%-38s %12s %8s %12s %7s %30s %7s %7s %12s %s%n";

  private Table() {}

  /** The table. */
  public static String of(final Measurement.Outcome outcome) {
    final StringBuilder text = new StringBuilder();
    final Machine machine = outcome.machine();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %d processors%s; JDK %s%n",
            machine.cpu(),
            machine.processors(),
            machine.simd() == 0 ? "" : ", vectors of " + machine.simd() + " bits",
            machine.jdk()));
    outcome.limits().forEach((threads, limits) -> limits(text, threads, limits));
    text.append(String.format("%n"));
    text.append(
        String.format(
            LINE,
            "row",
            "us",
            "spread",
            "quiet",
            "limit",
            "best peer",
            "ratio",
            "quiet",
            "target",
            "verdict"));
    for (final Result result : outcome.results()) {
      line(text, result);
    }
    failures(text, outcome);
    return text.toString();
  }

  private static void limits(final StringBuilder text, final int threads, final Limits limits) {
    text.append(
        String.format(
            Locale.ROOT,
            "%s: peak of multiply-adds %.0f GFLOP/s; %s",
            threads == 1 ? "1 thread" : threads + " threads",
            limits.gflops(),
            String.join(", ", limits.bandwidth().keySet())));
    for (final double footprint : limits.best().keySet()) {
      final StringBuilder rates = new StringBuilder();
      for (final Map<Double, Double> rate : limits.bandwidth().values()) {
        rates.append(number(rate.get(footprint), " %.0f"));
      }
      text.append("; ").append(bytes(footprint)).append(rates).append(" GB/s");
    }
    text.append(String.format("%n"));
  }

  private static void line(final StringBuilder text, final Result result) {
    text.append(
        String.format(
            LINE,
            result.row().name(),
            number(result.ours().micros(), "%.2f"),
            number(100 * result.spread(), "%.0f %%"),
            number(result.ours().quiet(), "%.2f"),
            number(100 * result.share(), "%.0f %%"),
            best(result),
            number(result.ratio(), "%.2f"),
            number(result.quietRatio(), "%.2f"),
            targets(result.row().targets()),
            result.verdict()));
  }

  private static String best(final Result result) {
    final String best = result.best();
    return best == null ? "" : best + number(result.peers().get(best).micros(), " %.2f");
  }

  private static String targets(final List<Target> targets) {
    return targets.stream().map(Table::target).collect(Collectors.joining(", "));
  }

  private static String target(final Target target) {
    return switch (target.kind()) {
      case PEER -> number(target.value(), "%.2f");
      case DJL -> number(target.value(), "djl %.1f");
      case LIMIT -> number(100 * target.value(), "%.0f %%");
      case TAIL -> number(target.value(), "p99 %.1f");
      case TIME -> number(target.value(), "%.0f us");
    };
  }

  private static void failures(final StringBuilder text, final Measurement.Outcome outcome) {
    for (final Result result : outcome.results()) {
      failure(text, result.row().name(), result.ours());
      for (final Map.Entry<String, Figures> peer : result.peers().entrySet()) {
        failure(text, result.row().name() + ", " + peer.getKey(), peer.getValue());
      }
    }
  }

  private static void failure(final StringBuilder text, final String who, final Figures figures) {
    if (figures.failure() != null) {
      text.append(String.format("%s: %s%n", who, figures.failure()));
    }
  }

  private static String bytes(final double bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.0f KiB", bytes / (1 << 10))
        : String.format(Locale.ROOT, "%.0f MiB", bytes / (1 << 20));
  }

  private static String number(final double value, final String format) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "";
  }
}
