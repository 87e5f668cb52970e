package dev.gradus.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plot as SVG: points and lines over two axes, each linear from 0 or logarithmic. */
final class Plot {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 240; // the legend
  private static final int TOP = 36;
  private static final int BOTTOM = 48;
  private static final List<String> COLOURS =
      List.of(
          "#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#e377c2", "#17becf",
          "#7f7f7f", "#bcbd22");

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Series> all = new ArrayList<>();

  Plot(final String title, final Axis x, final Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  /**
   * One axis.
   *
   * @param logarithmic or else linear, from 0.
   */
  record Axis(String label, boolean logarithmic) {}

  /**
   * A point.
   *
   * @param name shown where the mouse rests on it.
   */
  record Point(double x, double y, String name) {}

  /**
   * Points of one colour.
   *
   * @param line whether they are joined.
   * @param dots whether they are marked.
   */
  record Series(String name, List<Point> points, boolean line, boolean dots) {}

  /** Adds a series; points that have no place on a logarithmic axis are left out. */
  void add(final Series series) {
    final List<Point> shown = new ArrayList<>();
    for (final Point point : series.points()) {
      if (fits(x, point.x()) && fits(y, point.y())) {
        shown.add(point);
      }
    }
    if (!shown.isEmpty()) {
      all.add(new Series(series.name(), shown, series.line(), series.dots()));
    }
  }

  private static boolean fits(final Axis axis, final double value) {
    return Double.isFinite(value) && (value > 0 || !axis.logarithmic());
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** The plot, well-formed XML. */
  String svg() {
    final double[] xs =
        range(x, all.stream().flatMap(s -> s.points().stream()).mapToDouble(Point::x).toArray());
    final double[] ys =
        range(y, all.stream().flatMap(s -> s.points().stream()).mapToDouble(Point::y).toArray());
    final StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, HEIGHT));
    text(svg, WIDTH / 2.0 - RIGHT / 2.0, 20, "middle", title);
    text(svg, LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 10, "middle", x.label());
    svg.append(String.format(Locale.ROOT, "<g transform=\"rotate(-90 16 %d)\">", HEIGHT / 2));
    text(svg, 16, HEIGHT / 2.0, "middle", y.label());
    svg.append("</g>\n");
    for (final double tick : ticks(x, xs)) {
      final double at = place(x, xs, tick, LEFT, WIDTH - RIGHT);
      line(svg, at, TOP, at, HEIGHT - BOTTOM, "grid");
      text(svg, at, HEIGHT - BOTTOM + 18, "middle", number(tick));
    }
    for (final double tick : ticks(y, ys)) {
      final double at = place(y, ys, tick, HEIGHT - BOTTOM, TOP);
      line(svg, LEFT, at, WIDTH - RIGHT, at, "grid");
      text(svg, LEFT - 6, at + 4, "end", number(tick));
    }
    for (int s = 0; s < all.size(); s++) {
      series(svg, all.get(s), COLOURS.get(s % COLOURS.size()), s, xs, ys);
    }
    return svg.append("</svg>\n").toString();
  }

  private void series(
      final StringBuilder svg,
      final Series series,
      final String colour,
      final int index,
      final double[] xs,
      final double[] ys) {
    final StringBuilder path = new StringBuilder();
    for (final Point point : series.points()) {
      final double px = place(x, xs, point.x(), LEFT, WIDTH - RIGHT);
      final double py = place(y, ys, point.y(), HEIGHT - BOTTOM, TOP);
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", px, py));
      if (series.dots()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"><title>%s: %s,"
                    + " %s</title></circle>%n",
                px,
                py,
                colour,
                escape(point.name()),
                number(point.x()),
                number(point.y())));
      }
    }
    if (series.line()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\"/>%n",
              path.toString().strip(),
              colour));
    }
    final int at = TOP + 16 * index;
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>",
            WIDTH - RIGHT + 14,
            at,
            colour));
    text(svg, WIDTH - RIGHT + 30, at + 9, "start", series.name());
  }

  /** Least and greatest value shown; powers of ten on a logarithmic axis. */
  private static double[] range(final Axis axis, final double... values) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (final double value : values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    if (!axis.logarithmic()) {
      return new double[] {0, greatest > 0 ? greatest * 1.05 : 1};
    }
    final double from = Math.pow(10, Math.floor(Math.log10(least)));
    final double to = Math.pow(10, Math.ceil(Math.log10(greatest)));
    return new double[] {from, to > from ? to : from * 10};
  }

  private static List<Double> ticks(final Axis axis, final double[] range) {
    final List<Double> ticks = new ArrayList<>();
    if (axis.logarithmic()) {
      for (double tick = range[0]; tick <= range[1] * 1.001; tick *= 10) {
        ticks.add(tick);
      }
      return ticks;
    }
    final double rough = range[1] / 5;
    final double power = Math.pow(10, Math.floor(Math.log10(rough)));
    final double step = power * (rough / power >= 5 ? 5 : rough / power >= 2 ? 2 : 1);
    for (int i = 0; i * step <= range[1]; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private static double place(
      final Axis axis,
      final double[] range,
      final double value,
      final double from,
      final double to) {
    final double share =
        axis.logarithmic()
            ? Math.log(value / range[0]) / Math.log(range[1] / range[0])
            : (value - range[0]) / (range[1] - range[0]);
    return from + share * (to - from);
  }

  private static void line(
      final StringBuilder svg,
      final double x1,
      final double y1,
      final double x2,
      final double y2,
      final String kind) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>%n",
            x1,
            y1,
            x2,
            y2,
            kind));
  }

  private static void text(
      final StringBuilder svg,
      final double x,
      final double y,
      final String anchor,
      final String content) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            escape(content)));
  }

  static String escape(final String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String number(final double value) {
    if (value == 0 || (value >= 0.01 && value < 1e5)) {
      final String text = String.format(Locale.ROOT, "%.3f", value);
      return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return String.format(Locale.ROOT, "%.0e", value);
  }
}
