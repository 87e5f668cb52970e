package dev.gradus.tools.report;

import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws points, the curve they come from and the one that was fitted to them. */
public final class FitPicture {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;

  private FitPicture() {}

  /**
   * Draws a picture, PNG.
   *
   * @param x where the points lie, and {@code y} their heights.
   * @param grid where curve and fit are known, rising.
   * @return null where it was drawn, else the reason why this machine can't draw, in one line.
   * @throws dev.gradus.memory.GradusException where the file can't be written.
   */
  public static String draw(
      final Path file,
      final String title,
      final List<Double> x,
      final List<Double> y,
      final List<Double> grid,
      final List<Double> curve,
      final List<Double> fit) {
    return ChartFile.draw(file, () -> List.of(chart(title, x, y, grid, curve, fit)));
  }

  private static XYChart chart(
      final String title,
      final List<Double> x,
      final List<Double> y,
      final List<Double> grid,
      final List<Double> curve,
      final List<Double> fit) {
    final XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("x")
            .yAxisTitle("y")
            .build();
    chart
        .addSeries("data", x, y)
        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
        .setMarker(SeriesMarkers.CIRCLE);
    chart.addSeries("target", grid, curve).setMarker(SeriesMarkers.NONE);
    chart.addSeries("network", grid, fit).setMarker(SeriesMarkers.NONE);
    return chart;
  }
}
