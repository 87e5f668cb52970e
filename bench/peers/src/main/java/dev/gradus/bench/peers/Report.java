package dev.gradus.bench.peers;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A {@link Comparison} as a table of Markdown and as JSON. A ratio is the fastest peer's time over
 * the Java backend's, so above 1 Gradus is ahead; the floor is what the products alone would take
 * at the peak of multiply-adds.
 */
final class Report {
  private final Comparison comparison;
  private final String cpu;
  private final Map<Integer, Double> peaks;

  /**
   * @param peaks GFLOP/s by number of threads.
   */
  Report(final Comparison comparison, final String cpu, final Map<Integer, Double> peaks) {
    this.comparison = comparison;
    this.cpu = cpu;
    this.peaks = peaks;
  }

  /**
   * Microseconds: the p50 with the least and greatest of the forks, and for one thread the
   * processor time.
   */
  String table() {
    final StringBuilder table = new StringBuilder();
    table.append(cpu).append("; JDK ").append(Runtime.version()).append("; peak of multiply-adds");
    peaks.forEach(
        (threads, peak) ->
            table.append(
                String.format(Locale.ROOT, ", %d thread(s): %.0f GFLOP/s", threads, peak)));
    table.append("\n\nMicroseconds: p50 (least..greatest of the forks)\n\n");
    final List<Case> cases = comparison.cases();
    table(table, cases, Comparison.Figures::p50, true);
    final List<Case> alone = cases.stream().filter(row -> row.threads() == 1).toList();
    if (!alone.isEmpty()) {
      table.append("\nMicroseconds of processor time\n\n");
      table(table, alone, Comparison.Figures::cpu, false);
    }
    return table.append(failures()).toString();
  }

  private void table(
      final StringBuilder table,
      final List<Case> cases,
      final ToDoubleFunction<Comparison.Figures> time,
      final boolean spread) {
    final List<Contender> contenders = comparison.contenders();
    final List<String> head = new ArrayList<>(List.of("case", "threads"));
    contenders.forEach(contender -> head.add(contender.title()));
    head.addAll(List.of("fastest peer / " + ModelContender.GRADUS_JAVA.title(), "floor"));
    line(table, head);
    line(table, head.stream().map(title -> "---").toList());
    for (final Case row : cases) {
      final List<String> cells = new ArrayList<>(List.of(row.name(), "" + row.threads()));
      for (final Contender contender : contenders) {
        final Comparison.Figures figures = comparison.figures(row, contender);
        if (figures == null) {
          cells.add("");
        } else if (figures.forks() == 0) {
          cells.add("failed");
        } else {
          final String range = " (" + figure(figures.low()) + ".." + figure(figures.high()) + ")";
          cells.add(figure(time.applyAsDouble(figures)) + (spread ? range : ""));
        }
      }
      final double ratio = comparison.ratio(row, time);
      cells.add(Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio));
      cells.add(figure(floorMicros(row)));
      line(table, cells);
    }
  }

  /** Each failure once, with who and where first. */
  private String failures() {
    final StringBuilder lines = new StringBuilder();
    for (final Case row : comparison.cases()) {
      for (final Contender contender : row.contenders()) {
        final Comparison.Figures figures = comparison.figures(row, contender);
        if (figures != null && figures.failure() != null) {
          lines.append(
              "\n%s, %d thread(s), %s: %s"
                  .formatted(row.name(), row.threads(), contender.title(), figures.failure()));
        }
      }
    }
    return lines.isEmpty() ? "" : lines.append('\n').toString();
  }

  private double floorMicros(final Case row) {
    return row.flops() / (peaks.get(row.threads()) * 1e3);
  }

  private static String figure(final double micros) {
    final String format = micros < 10 ? "%.2f" : micros < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, micros);
  }

  private static void line(final StringBuilder table, final List<String> cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Writes the JSON, whole or not at all. */
  void write(final Path file) throws IOException {
    final JsonMapper mapper = new JsonMapper();
    final ObjectNode root = mapper.createObjectNode();
    root.put("machine", cpu);
    root.put("jdk", Runtime.version().toString());
    final ObjectNode peakNode = root.putObject("peakGflops");
    peaks.forEach((threads, peak) -> peakNode.put(threads.toString(), peak));
    final ArrayNode rows = root.putArray("rows");
    for (final Case row : comparison.cases()) {
      final ObjectNode node = rows.addObject();
      node.put("name", row.name()).put("threads", row.threads()).put("unit", "us");
      node.put("floor", floorMicros(row));
      putRatio(node, "ratio", comparison.ratio(row, Comparison.Figures::p50));
      putRatio(node, "cpuRatio", comparison.ratio(row, Comparison.Figures::cpu));
      final ObjectNode who = node.putObject("contenders");
      for (final Contender contender : row.contenders()) {
        final Comparison.Figures figures = comparison.figures(row, contender);
        if (figures != null) {
          describe(who.putObject(contender.title()), figures);
        }
      }
    }
    final Path folder = file.toAbsolutePath().getParent();
    final Path unfinished = Files.createTempFile(folder, file.getFileName().toString(), ".part");
    try {
      Files.writeString(unfinished, root.toPrettyString() + "\n");
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void putRatio(final ObjectNode node, final String name, final double ratio) {
    if (!Double.isNaN(ratio)) {
      node.put(name, ratio);
    }
  }

  private static void describe(final ObjectNode node, final Comparison.Figures figures) {
    node.put("forks", figures.forks());
    if (figures.forks() > 0) {
      node.put("p50", figures.p50());
      node.put("p50Least", figures.low());
      node.put("p50Greatest", figures.high());
      node.put("p99", figures.p99());
      node.put("cpu", figures.cpu());
      node.put("heapBytes", figures.bytes());
    }
    if (figures.failure() != null) {
      node.put("failure", figures.failure());
    }
  }
}
