package dev.gradus.bench.gate;

import java.util.List;
import java.util.Locale;

/** The gate's findings as text. */
public final class GateTable {
  private static final String LINE = "%-36s %9s %9s %8s %-19s %s%n";

  private GateTable() {}

  /** What got slower first, by how much and how sure; then the rest. */
  public static String of(final List<RatioGate.Finding> findings) {
    final StringBuilder text = new StringBuilder();
    text.append(
        String.format(LINE, "ratio of times", "baseline", "now", "change", "interval", "verdict"));
    findings.stream()
        .sorted((a, b) -> Boolean.compare(b.isAlarm(), a.isAlarm()))
        .forEach(finding -> line(text, finding));
    return text.toString();
  }

  private static void line(final StringBuilder text, final RatioGate.Finding finding) {
    final Estimate now = finding.now();
    final boolean both = now != null && finding.baseline() != null;
    final String verdict = finding.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    text.append(
        String.format(
            LINE,
            finding.pair().name(),
            finding.baseline() == null ? "" : number("%.3f", finding.baseline().median()),
            now == null ? "" : number("%.3f", now.median()),
            both ? number("%+.1f %%", finding.percent()) : "",
            now == null ? "" : number("%.3f", now.low()) + ".." + number("%.3f", now.high()),
            finding.failure() == null ? verdict : verdict + ": " + finding.failure()));
  }

  private static String number(final String format, final double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
