package dev.gradus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gradus.bench.work.WorkProfiler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FiguresTest {
  private static final Limits LIMITS =
      new Limits(
          100,
          new TreeMap<>(Map.of(1e4, 80.0, 1e8, 20.0)),
          new TreeMap<>(Map.of(1e4, 50.0, 1e8, 10.0)));

  private static Sample sample(final double micros, final double heap) {
    return new Sample(
        micros,
        Map.of(99.0, 2 * micros),
        Map.of("gc.alloc.rate.norm", heap, WorkProfiler.FLOPS, 1e6),
        null);
  }

  private static final Row ROW =
      new Row("a row", "gemm", Contender.gradus("gradus", "X.y"), 1, Target.peer(1.2));

  @Test
  void shouldTakeMedianOfForksAndLeastHeap() {
    final Figures figures =
        Figures.of(List.of(sample(5, 30), sample(3, 10), Sample.failed("killed"), sample(4, 20)));
    assertEquals(4, figures.micros());
    assertEquals(3, figures.low());
    assertEquals(5, figures.high());
    assertEquals(8, figures.percentiles().get(99.0));
    assertEquals(10, figures.heapBytes());
    assertEquals("killed", figures.failure());
    assertEquals(3, figures.samples().size());
  }

  @Test
  void shouldHaveNoFiguresWhereAllFailed() {
    final Figures figures = Figures.of(List.of(Sample.failed("no library")));
    assertTrue(Double.isNaN(figures.micros()));
    assertEquals("no library", figures.failure());
  }

  @Test
  void shouldCompareWithTheFastestPeerThatRan() {
    final Map<String, Figures> peers =
        Map.of(
            "slow", Figures.of(List.of(sample(90, 0))),
            "fast", Figures.of(List.of(sample(30, 0))),
            "none", Figures.of(List.of(Sample.failed("no library"))));
    final Result result = Result.of(ROW, Figures.of(List.of(sample(20, 0))), peers, LIMITS);
    assertEquals(1.5, result.ratio());
    assertEquals(0.5, result.share(), 1e-12); // 1e6 operations at 100 GFLOP/s: 10 microseconds
    assertEquals("met", result.verdict());
    final Result alone = Result.of(ROW, Figures.of(List.of(sample(20, 0))), Map.of(), LIMITS);
    assertTrue(Double.isNaN(alone.ratio()));
    assertEquals("none", alone.verdict());
  }

  @Test
  void shouldTakeTheNearestFootprint() {
    assertEquals(50, LIMITS.copyAt(2e5));
    assertEquals(10, LIMITS.copyAt(2e7));
    assertEquals(100, LIMITS.micros(Double.NaN, 1e6, 1e9), 1e-12);
  }

  @Test
  void shouldReadReportsOfSampledAndAveragedTimes() throws IOException {
    final JsonMapper json = new JsonMapper();
    final Sample sampled =
        Fork.sample(
            json.readTree(
                """
                {"mode": "sample", "primaryMetric": {"scoreUnit": "ms/op",
                 "scorePercentiles": {"50.0": 2.5, "99.0": 4}},
                 "secondaryMetrics": {"work.flops": {"score": 7}}}
                """));
    assertEquals(2500, sampled.micros());
    assertEquals(4000, sampled.percentiles().get(99.0));
    assertEquals(7, sampled.secondary("work.flops"));
    final Sample averaged =
        Fork.sample(
            json.readTree(
                """
                {"mode": "avgt", "primaryMetric": {"scoreUnit": "us/op", "score": 100,
                 "rawData": [[9, 300, 8]]}, "secondaryMetrics": {}}
                """));
    assertEquals(9, averaged.micros());
  }

  @Test
  void shouldFindTheReasonInALog() {
    assertEquals(
        "a.b.Deep: because",
        Fork.reason(
            List.of("x", "java.lang.ExceptionInInitializerError", "Caused by: a.b.Deep: because")));
    assertEquals(
        "a.SomeException: here", Fork.reason(List.of("x", "a.SomeException: here", "\tat b", "")));
    assertEquals("killed", Fork.reason(List.of("x", "killed", " ")));
  }
}
