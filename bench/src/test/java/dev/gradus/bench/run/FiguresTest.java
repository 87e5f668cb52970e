package dev.gradus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gradus.bench.work.Work;
import dev.gradus.bench.work.WorkProfiler;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FiguresTest {
  private static final Limits LIMITS =
      new Limits(
          100,
          Map.of(
              "read", new TreeMap<>(Map.of(1e4, 80.0, 1e8, 8.0)),
              "copy", new TreeMap<>(Map.of(1e4, 50.0, 1e8, 10.0)),
              "update", new TreeMap<>(Map.of(1e4, 60.0, 1e8, 16.0))));

  private static Sample sample(final double micros) {
    return new Sample(
        micros,
        micros / 2,
        List.of(micros),
        Map.of(99.0, 2 * micros),
        Map.of(WorkProfiler.FLOPS, 1e6),
        null);
  }

  private static final Row ROW =
      new Row("a row", "gemm", Contender.gradus("gradus", "X.y"), 1, List.of(Target.peer(1.2)));

  @Test
  void shouldTakeMedianOfForks() {
    final Figures figures =
        Figures.of(List.of(sample(5), sample(3), Sample.failed("killed"), sample(4)));
    assertEquals(4, figures.micros());
    assertEquals(3, figures.low());
    assertEquals(5, figures.high());
    assertEquals(8, figures.percentiles().get(99.0));
    assertEquals("killed", figures.failure());
    assertEquals(4, figures.samples().size());
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
            "slow", Figures.of(List.of(sample(90))),
            "fast", Figures.of(List.of(sample(30))),
            "none", Figures.of(List.of(Sample.failed("no library"))));
    final Result result = Result.of(ROW, Figures.of(List.of(sample(20))), peers, LIMITS);
    assertEquals(1.5, result.ratio());
    assertEquals(1.5, result.quietRatio());
    assertEquals(1, result.share(), 1e-12); // 1e6 operations at 100 GFLOP/s: 10 microseconds
    assertEquals("met", result.verdict());
    final Result alone = Result.of(ROW, Figures.of(List.of(sample(20))), Map.of(), LIMITS);
    assertTrue(Double.isNaN(alone.ratio()));
    assertEquals("none", alone.verdict());
    final Result unlimited = Result.of(ROW, Figures.of(List.of(sample(20))), peers, null);
    assertTrue(Double.isNaN(unlimited.share()));
    assertEquals("met", unlimited.verdict());
  }

  /** A machine that is four times as slow in one turn, and twice in all of the second round. */
  @Test
  void shouldCompareTurnByTurn() {
    final Figures ours = Figures.of(List.of(turns(10.0, 40.0, 10.0), turns(20.0, 20.0, 80.0)));
    final Figures peer = Figures.of(List.of(turns(15.0, 60.0, 14.0), turns(30.0, 31.0, 120.0)));
    assertEquals(1.5, peer.over(ours));
    assertEquals(1 / 1.5, ours.over(peer), 1e-12);
    final Figures once = Figures.of(List.of(Sample.failed("killed"), turns(40.0, 40.0, 160.0)));
    assertEquals(2, once.over(ours));
    assertEquals(14.0 / 10, Figures.of(List.of(turns(15.0, 60.0, 14.0))).quietOver(ours));
    assertEquals(15, ours.quiet()); // of 10 and 20
    assertTrue(Double.isNaN(Figures.of(List.of(Sample.failed("killed"))).over(ours)));
  }

  private static Sample turns(final Double... micros) {
    return new Sample(
        Figures.medianOf(Stream.of(micros).mapToDouble(Double::doubleValue).toArray()),
        Collections.min(List.of(micros)),
        List.of(micros),
        Map.of(),
        Map.of(),
        null);
  }

  @Test
  void shouldMissATargetOfTwo() {
    final Figures ours = Figures.of(List.of(sample(20)));
    final Map<String, Figures> peers = Map.of("peer", Figures.of(List.of(sample(30))));
    assertEquals("met", verdict(ours, peers, Target.peer(1.5), Target.limit(1)));
    assertEquals("short", verdict(ours, peers, Target.peer(1.5), Target.limit(1.01)));
    assertEquals("short", verdict(ours, peers, Target.peer(1.6), Target.limit(1)));
    assertEquals("met", verdict(ours, Map.of(), Target.peer(1.6), Target.limit(1)));
    assertEquals("none", verdict(ours, peers));
  }

  private static String verdict(
      final Figures ours, final Map<String, Figures> peers, final Target... targets) {
    final Row row = new Row("a row", "gemm", ROW.contender(), 1, List.of(targets));
    return Result.of(row, ours, peers, LIMITS).verdict();
  }

  @Test
  void shouldAddUpWhatIsCopiedReadAndUpdatedAtTheNearestFootprint() {
    assertEquals(80, LIMITS.rate("read", 2e5));
    assertEquals(8, LIMITS.rate("read", 2e7));
    final double copied = 1e6 / 10e3;
    final double read = 2e5 / 8e3;
    final double updated = 4e5 / 16e3;
    final Work.Bytes bytes = new Work.Bytes(7e5, 5e5, 2e5);
    assertEquals(copied + read + updated, LIMITS.micros(0, bytes, 1e9), 1e-12);
    assertEquals(1e3, LIMITS.micros(1e8, bytes, 1e9), 1e-12); // at 100 GFLOP/s
    assertTrue(Double.isNaN(LIMITS.micros(0, bytes, 0)));
  }

  @Test
  void shouldTakeTheBestOfSeveralMeasurements() {
    final Limits slower =
        new Limits(90, Map.of("read", new TreeMap<>(Map.of(1e4, 70.0, 1e8, 9.0))));
    final Limits best = slower.best(LIMITS);
    assertEquals(100, best.gflops());
    assertEquals(Map.of("read", Map.of(1e4, 80.0, 1e8, 9.0)), best.bandwidth());
  }

  @Test
  void shouldReadReportsOfSampledAndAveragedTimes() throws IOException {
    final JsonMapper json = new JsonMapper();
    final Sample sampled =
        Fork.sample(
            json.readTree(
                """
                {"mode": "sample", "primaryMetric": {"scoreUnit": "ms/op",
                 "scorePercentiles": {"50.0": 2.5, "99.0": 4},
                 "rawDataHistogram": [[[[2.5, 3], [9, 2]], [[1, 1], [3, 2]]]]},
                 "secondaryMetrics": {"work.flops": {"score": 7}}}
                """));
    assertEquals(2500, sampled.micros());
    assertEquals(4000, sampled.percentiles().get(99.0));
    assertEquals(List.of(2500.0, 3000.0), sampled.turns());
    assertEquals(1000, sampled.quiet());
    assertEquals(7, sampled.secondary("work.flops"));
    final Sample averaged =
        Fork.sample(
            json.readTree(
                """
                {"mode": "avgt", "primaryMetric": {"scoreUnit": "us/op", "score": 100,
                 "rawData": [[9, 300, 8]]}, "secondaryMetrics": {}}
                """));
    assertEquals(9, averaged.micros());
    assertEquals(8, averaged.quiet());
    assertEquals(List.of(9.0, 300.0, 8.0), averaged.turns());
  }

  @Test
  void shouldFindTheReasonInALog() {
    assertEquals(
        "a.b.Deep: because",
        Fork.reason(
            List.of("x", "java.lang.ExceptionInInitializerError", "Caused by: a.b.Deep: because")));
    assertEquals(
        "a.SomeException: here", Fork.reason(List.of("x", "a.SomeException: here", "\tat b", "")));
    assertEquals(
        "a.SomeException: locked",
        Fork.reason(List.of("Exception in thread \"main\" a.SomeException: locked", "\tat b")));
    assertEquals("killed", Fork.reason(List.of("x", "killed", " ")));
  }
}
