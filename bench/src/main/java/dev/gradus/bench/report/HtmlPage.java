package dev.gradus.bench.report;

import dev.gradus.bench.run.Figures;
import dev.gradus.bench.run.Limits;
import dev.gradus.bench.run.Measurement;
import dev.gradus.bench.run.Result;
import dev.gradus.bench.run.Suites;
import dev.gradus.bench.work.WorkProfiler;
import dev.gradus.tools.report.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A report as one page that needs nothing else, neither script nor network: the table; the
 * machine's roofline with each row on it; products by size and training steps by batch, beside the
 * peers; what a FLOP takes as steps grow; and how the times of single operations are distributed.
 */
public final class HtmlPage {
  private static final String OURS = "gradus";

  private HtmlPage() {}

  /**
   * Writes a page, whole or not at all.
   *
   * @throws dev.gradus.memory.GradusException where the file can't be written.
   */
  public static void write(final Path file, final Measurement.Outcome outcome) {
    final byte[] text = of(outcome).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(text));
  }

  static String of(final Measurement.Outcome outcome) {
    final StringBuilder page = new StringBuilder();
    page.append(
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"/><title>Gradus benchmarks</title>
        <link rel="icon" href="data:,"/>
        <style>
        body { font: 14px sans-serif; margin: 2em auto; max-width: 920px; color: #222; background: #fff }
        svg { width: 100%; margin: 1em 0 } svg text { font-size: 11px; fill: #333 }
        .grid { stroke: #ddd } pre { overflow-x: auto; font-size: 12px }
        </style></head><body>
        <h1>Gradus benchmarks</h1>
        """);
    page.append("<pre>").append(Plot.escape(Table.of(outcome))).append("</pre>\n");
    for (final Plot plot :
        List.of(
            roofline(outcome),
            products(outcome),
            steps(outcome),
            growth(outcome),
            latencies(outcome))) {
      if (!plot.isEmpty()) {
        page.append(plot.svg());
      }
    }
    return page.append("</body></html>\n").toString();
  }

  /** The peak of multiply-adds, and bandwidth at each level of cache, over FLOPs for each byte. */
  static Plot roofline(final Measurement.Outcome outcome) {
    final Plot plot =
        new Plot(
            "Roofline: each row under the machine's limits",
            new Plot.Axis("FLOP for each byte", true),
            new Plot.Axis("GFLOP/s", true));
    final Map<String, List<Plot.Point>> suites = new LinkedHashMap<>();
    double least = 0.1;
    double greatest = 100;
    for (final Result result : outcome.results()) {
      final double flops = result.ours().work(WorkProfiler.FLOPS);
      final double intensity = flops / result.ours().work(WorkProfiler.BYTES);
      if (intensity > 0) {
        least = Math.min(least, intensity);
        greatest = Math.max(greatest, intensity);
        suites
            .computeIfAbsent(result.row().suite(), s -> new ArrayList<>())
            .add(
                new Plot.Point(
                    intensity, flops / (result.ours().quiet() * 1e3), result.row().name()));
      }
    }
    for (final Map.Entry<Integer, Limits> limits : outcome.limits().entrySet()) {
      final double peak = limits.getValue().gflops();
      final String of = limits.getKey() == 1 ? "" : ", " + limits.getKey() + " threads";
      for (final Map.Entry<Double, Double> level : limits.getValue().best().entrySet()) {
        final double ridge = peak / level.getValue();
        final List<Plot.Point> roof =
            List.of(
                new Plot.Point(least, least * level.getValue(), "memory"),
                new Plot.Point(ridge, peak, "ridge"),
                new Plot.Point(Math.max(greatest, ridge), peak, "peak"));
        final String name = "limit at " + Math.round(level.getKey() / 1024) + " KiB" + of;
        plot.add(new Plot.Series(name, roof, true, false));
      }
    }
    suites.forEach((suite, points) -> plot.add(new Plot.Series(suite, points, false, true)));
    return plot;
  }

  private static Plot products(final Measurement.Outcome outcome) {
    final Plot plot =
        new Plot(
            "Products: GFLOP/s over size",
            new Plot.Axis("FLOP of one product", true),
            new Plot.Axis("GFLOP/s", false));
    final Map<String, List<Plot.Point>> series = new LinkedHashMap<>();
    for (final Result result : outcome.results()) {
      if (result.row().suite().equals("gemm")) {
        final double flops = result.ours().work(WorkProfiler.FLOPS);
        eachContender(
            result,
            (who, figures) ->
                series
                    .computeIfAbsent(who, w -> new ArrayList<>())
                    .add(
                        new Plot.Point(
                            flops, flops / (figures.quiet() * 1e3), result.row().name())));
      }
    }
    addSorted(plot, series);
    return plot;
  }

  private static Plot steps(final Measurement.Outcome outcome) {
    final Plot plot =
        new Plot(
            "Training steps and predictions: time over batch",
            new Plot.Axis("rows of a batch", true),
            new Plot.Axis("microseconds", true));
    final Map<String, List<Plot.Point>> series = new LinkedHashMap<>();
    for (final Result result : outcome.results()) {
      final double batch = result.ours().work(WorkProfiler.SAMPLES);
      if (List.of("step", "predict").contains(result.row().suite()) && !grows(result)) {
        eachContender(
            result,
            (who, figures) -> {
              final String work = result.row().name().replaceAll(" batch [0-9]+", "");
              final String name = who.equals(OURS) ? work : work + ", " + who;
              series
                  .computeIfAbsent(name, n -> new ArrayList<>())
                  .add(new Plot.Point(batch, figures.micros(), result.row().name()));
            });
      }
    }
    addSorted(plot, series);
    return plot;
  }

  /** One network in growing widths: flat where the cost of work does not depend on its size. */
  private static Plot growth(final Measurement.Outcome outcome) {
    final Plot plot =
        new Plot(
            "Growing work: time of a FLOP over FLOPs of a training step",
            new Plot.Axis("FLOP of one step", true),
            new Plot.Axis("picoseconds for each FLOP", false));
    final List<Plot.Point> points = new ArrayList<>();
    for (final Result result : outcome.results()) {
      if (grows(result)) {
        final double flops = result.ours().work(WorkProfiler.FLOPS);
        points.add(
            new Plot.Point(flops, result.ours().micros() * 1e6 / flops, result.row().name()));
      }
    }
    addSorted(plot, Map.of(OURS, points));
    return plot;
  }

  private static boolean grows(final Result result) {
    return result.row().name().startsWith(Suites.GROWING);
  }

  private static Plot latencies(final Measurement.Outcome outcome) {
    final Plot plot =
        new Plot(
            "Latency: percentiles over the median",
            new Plot.Axis("one operation in so many is slower", true),
            new Plot.Axis("time over the median", true));
    for (final Result result : outcome.results()) {
      final List<Plot.Point> points = new ArrayList<>();
      final double median = result.ours().micros();
      result
          .ours()
          .percentiles()
          .forEach(
              (percent, micros) -> {
                if (percent >= 50 && percent < 100) {
                  points.add(new Plot.Point(100 / (100 - percent), micros / median, "p" + percent));
                }
              });
      plot.add(new Plot.Series(result.row().name(), points, true, true));
    }
    return plot;
  }

  private static void addSorted(final Plot plot, final Map<String, List<Plot.Point>> series) {
    series.forEach(
        (name, points) -> {
          points.sort((a, b) -> Double.compare(a.x(), b.x()));
          plot.add(new Plot.Series(name, points, true, true));
        });
  }

  private interface Contending {
    void each(String title, Figures figures);
  }

  private static void eachContender(final Result result, final Contending contending) {
    contending.each(OURS, result.ours());
    result.peers().forEach(contending::each);
  }
}
