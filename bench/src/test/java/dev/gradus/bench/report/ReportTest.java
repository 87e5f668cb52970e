package dev.gradus.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gradus.bench.run.Contender;
import dev.gradus.bench.run.Figures;
import dev.gradus.bench.run.Limits;
import dev.gradus.bench.run.Machine;
import dev.gradus.bench.run.Measurement;
import dev.gradus.bench.run.Result;
import dev.gradus.bench.run.Row;
import dev.gradus.bench.run.Sample;
import dev.gradus.bench.run.Target;
import dev.gradus.bench.work.WorkProfiler;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

final class ReportTest {
  static final Measurement.Outcome OUTCOME =
      new Measurement.Outcome(
          new Machine("a <CPU>", 256, 2, "25.0.3"),
          new TreeMap<>(Map.of(1, limits(100), 2, limits(190))),
          List.of(
              result("gemm 64x64x64", "gemm", 20, Map.of("openblas", figures(30))),
              result("gemm 128x128x128", "gemm", 40, Map.of("openblas", failed())),
              result("step mlp sgd batch 64", "step", 50, Map.of()),
              result("step square-46 sgd batch 46", "step", 20, Map.of()),
              result("step square-100 sgd batch 100", "step", 15, Map.of())));

  private static Limits limits(final double gflops) {
    return new Limits(
        gflops,
        new TreeMap<>(
            Map.of(
                "read", new TreeMap<>(Map.of(32768.0, 200.0)),
                "copy", new TreeMap<>(Map.of(32768.0, 150.0)))));
  }

  private static Figures figures(final double micros) {
    return new Figures(
        micros,
        micros * 0.9,
        micros * 1.1,
        new TreeMap<>(Map.of(50.0, micros, 99.0, 2 * micros, 100.0, 9 * micros)),
        List.of(
            new Sample(
                micros,
                micros * 0.8,
                List.of(micros),
                Map.of(),
                Map.of(
                    WorkProfiler.FLOPS, 1e6, WorkProfiler.BYTES, 1e5, WorkProfiler.SAMPLES, 64.0),
                null)),
        null);
  }

  private static Figures failed() {
    return new Figures(
        Double.NaN, Double.NaN, Double.NaN, Map.of(), List.of(), "no library of that name");
  }

  private static Result result(
      final String name,
      final String suite,
      final double micros,
      final Map<String, Figures> peers) {
    final Contender contender = Contender.gradus("gradus", "X.y");
    final Row row =
        new Row(
            name,
            suite,
            contender,
            1,
            List.of(new Target(Target.Kind.PEER, 1), new Target(Target.Kind.LIMIT, 0.5)));
    return new Result(row, figures(micros), peers, 10);
  }

  @Test
  void shouldWriteTheRowsAsJson(@TempDir final Path folder) throws Exception {
    final Path file = folder.resolve("report.json");
    JsonOutcome.write(file, OUTCOME);
    final JsonNode root = new JsonMapper().readTree(Files.readString(file));
    assertEquals("a <CPU>, 2 processors", root.path("machine").asText());
    assertEquals(256, root.path("vectorBits").asInt());
    assertEquals("25.0.3", root.path("jdk").asText());
    final JsonNode both = root.path("limits").path(1);
    assertEquals(2, both.path("threads").asInt());
    assertEquals(190, both.path("gflops").asDouble());
    assertEquals(150, both.path("copy").path(0).path("gbPerSecond").asDouble());
    final JsonNode row = root.path("rows").path(0);
    assertEquals("gemm 64x64x64", row.path("name").asText());
    assertEquals("us", row.path("unit").asText());
    assertEquals(20, row.path("ours").asDouble());
    assertEquals(30, row.path("peers").path("openblas").path("time").asDouble());
    assertEquals(10, row.path("limit").asDouble());
    assertEquals(0.2, row.path("spread").asDouble(), 1e-12);
    assertEquals(1.5, row.path("ratio").asDouble());
    assertEquals(16, row.path("quiet").asDouble());
    assertEquals(24, row.path("peers").path("openblas").path("quiet").asDouble());
    assertEquals(1.5, row.path("quietRatio").asDouble());
    assertEquals(0.625, row.path("share").asDouble());
    assertEquals(1, row.path("target").asDouble());
    assertEquals("peer", row.path("targetOf").asText());
    assertEquals("met", row.path("verdict").asText());
    assertEquals("limit", row.path("targets").path(1).path("of").asText());
    assertEquals("met", row.path("targets").path(1).path("verdict").asText());
    assertEquals(40, row.path("percentiles").path("99.0").asDouble());
    final JsonNode without = root.path("rows").path(1);
    assertTrue(without.path("ratio").isNull());
    assertEquals("limit", without.path("targetOf").asText());
    assertEquals(0.5, without.path("target").asDouble());
    assertEquals("short", without.path("verdict").asText()); // a share of 0.31
    assertEquals(
        "no library of that name", without.path("peers").path("openblas").path("failure").asText());
  }

  @Test
  void shouldTabulateRowsAndFailures() {
    final List<String> lines = Table.of(OUTCOME).lines().toList();
    assertEquals(
        "2 threads: peak of multiply-adds 190 GFLOP/s; copy, read; 32 KiB 150 200 GB/s",
        lines.get(2));
    assertEquals(
        "gemm 64x64x64 20.00 20 % 16.00 63 % openblas 30.00 1.50 1.50 1.00, 50 % met",
        lines.get(5).replaceAll(" +", " "));
    assertEquals("gemm 128x128x128, openblas: no library of that name", lines.getLast());
  }

  @Test
  void shouldDrawAPageThatNeedsNothingElse() throws Exception {
    final String page = HtmlPage.of(OUTCOME);
    assertFalse(page.contains("http") || page.contains("src=") || page.contains("<script"), page);
    final Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    assertEquals(5, document.getElementsByTagName("svg").getLength());
    // Roofline 5, products 3 (one peer failed), one step, 2 that grow, latency 2 for each of 5
    // rows.
    assertEquals(5 + 3 + 1 + 2 + 10, document.getElementsByTagName("circle").getLength());
  }

  @Test
  void shouldTellTheTimeOfAFlopAsWorkGrows() {
    final String page = HtmlPage.of(OUTCOME);
    assertTrue(page.contains("step square-46 sgd batch 46: 1e+06, 20"), page);
    assertTrue(page.contains("step square-100 sgd batch 100: 1e+06, 15"), page);
  }

  @Test
  void shouldPlaceRowsUnderTheRoof() {
    final String svg = HtmlPage.roofline(OUTCOME).svg();
    assertTrue(
        svg.contains("gemm 64x64x64: 10, 62.5"), svg); // 1e6 FLOP, 1e5 bytes, 16 microseconds
    assertTrue(svg.contains("limit at 32 KiB"), svg);
    assertTrue(svg.contains("limit at 32 KiB, 2 threads"), svg);
  }
}
