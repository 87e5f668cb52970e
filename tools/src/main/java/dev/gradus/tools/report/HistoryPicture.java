package dev.gradus.tools.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws loss and accuracy over the epochs, training and validation. */
public final class HistoryPicture {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 420;

  /** More points than pixels take long to draw and show nothing. */
  private static final int MOST_POINTS = 500;

  private HistoryPicture() {}

  /**
   * Draws a picture, PNG.
   *
   * @return null where it was drawn, else the reason why this machine can't draw, in one line.
   * @throws dev.gradus.memory.GradusException where the file can't be written.
   */
  public static String draw(final Path file, final History history) {
    final List<History.Epoch> epochs = history.epochs();
    if (epochs.isEmpty()) {
      return "no epoch was completed";
    }
    return ChartFile.draw(file, () -> charts(epochs));
  }

  private static List<XYChart> charts(final List<History.Epoch> epochs) {
    final List<XYChart> charts = new ArrayList<>();
    charts.add(chart("loss", epochs, History.Epoch::loss, History.Epoch::validationLoss));
    if (!Double.isNaN(epochs.get(0).accuracy())
        || !Double.isNaN(epochs.get(0).validationAccuracy())) {
      charts.add(
          chart("accuracy", epochs, History.Epoch::accuracy, History.Epoch::validationAccuracy));
    }
    return charts;
  }

  private static XYChart chart(
      final String title,
      final List<History.Epoch> epochs,
      final ToDoubleFunction<History.Epoch> training,
      final ToDoubleFunction<History.Epoch> validation) {
    final XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(title)
            .build();
    final int stride = (epochs.size() + MOST_POINTS - 1) / MOST_POINTS;
    final List<History.Epoch> shown = new ArrayList<>();
    final List<Integer> x = new ArrayList<>();
    for (int i = stride - 1; i < epochs.size(); i += stride) {
      shown.add(epochs.get(i));
      x.add(i + 1);
    }
    add(chart, "training", x, shown, training);
    add(chart, "validation", x, shown, validation);
    return chart;
  }

  private static void add(
      final XYChart chart,
      final String name,
      final List<Integer> x,
      final List<History.Epoch> epochs,
      final ToDoubleFunction<History.Epoch> score) {
    if (Double.isNaN(score.applyAsDouble(epochs.get(0)))) {
      return; // no validation, or no accuracy of mixed samples
    }
    final List<Double> y = epochs.stream().mapToDouble(score).boxed().toList();
    chart
        .addSeries(name, x, y)
        .setMarker(x.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }
}
