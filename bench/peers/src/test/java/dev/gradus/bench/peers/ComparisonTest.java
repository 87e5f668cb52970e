package dev.gradus.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final Case ROW = Case.step("sgd", 64, 1, List.of(ModelContender.values()));

  private final Comparison comparison = new Comparison();
  private final Report report = new Report(comparison, "a processor", Map.of(1, 100.0));

  @BeforeEach
  void measure() {
    for (final double p50 : new double[] {500, 300, 400}) {
      add(ModelContender.GRADUS_JAVA, new Fork.Sample(p50, 2 * p50, p50 / 2, p50 - 300, null));
    }
    for (final double p50 : new double[] {700, 500}) {
      add(ModelContender.TENSORFLOW, new Fork.Sample(p50, p50, 180, 3000, null));
    }
    add(ModelContender.TENSORFLOW, Fork.Sample.failed("killed"));
    add(ModelContender.TORCH_MKL, new Fork.Sample(900, 900, 900, 1000, null));
    add(ModelContender.DJL, Fork.Sample.failed("java.lang.UnsatisfiedLinkError: no library"));
  }

  private void add(final ModelContender contender, final Fork.Sample sample) {
    comparison.add(ROW, contender, sample);
  }

  @Test
  void shouldTakeMedianOfForksAndLeastHeap() {
    assertEquals(
        new Comparison.Figures(400, 300, 500, 800, 200, 0, 3, null),
        comparison.figures(ROW, ModelContender.GRADUS_JAVA));
  }

  @Test
  void shouldKeepFiguresOfOtherForksWhenOneFails() {
    assertEquals(
        new Comparison.Figures(600, 500, 700, 600, 180, 3000, 2, "killed"),
        comparison.figures(ROW, ModelContender.TENSORFLOW));
  }

  @Test
  void shouldPassOverContenderWithoutFigures() {
    assertEquals(0, comparison.figures(ROW, ModelContender.DJL).forks());
    assertNull(comparison.figures(ROW, ModelContender.TORCH_OPENBLAS));
    assertEquals(1.5, comparison.ratio(ROW, Comparison.Figures::p50));
    final Case alone = Case.predict(1, 1, List.of(ModelContender.TENSORFLOW));
    comparison.add(alone, ModelContender.TENSORFLOW, new Fork.Sample(1, 1, 1, 1, null));
    assertEquals(Double.NaN, comparison.ratio(alone, Comparison.Figures::p50));
  }

  @Test
  void shouldTabulateRatioFloorAndFailures() {
    final String table = report.table();
    final String cells =
        "| step 784-256-10 sgd batch 64 | 1 |  | 400 (300..500) |  |  |  | 900 (900..900) |  |"
            + " 600 (500..700) | failed | 1.50 | 524 |\n";
    assertTrue(table.contains(cells), table);
    final String processorTime =
        "| step 784-256-10 sgd batch 64 | 1 |  | 200 |  |  |  | 900 |  | 180 | failed | 0.90 | 524"
            + " |\n";
    assertTrue(table.contains(processorTime), table);
    assertTrue(
        table.endsWith(
            """

            step 784-256-10 sgd batch 64, 1 thread(s), tensorflow: killed
            step 784-256-10 sgd batch 64, 1 thread(s), djl: java.lang.UnsatisfiedLinkError: no library
            """),
        table);
  }

  @Test
  void shouldWriteJson(@TempDir final Path folder) throws IOException {
    final Path file = folder.resolve("report.json");
    report.write(file);
    final JsonNode row = new JsonMapper().readTree(Files.readString(file)).path("rows").path(0);
    assertEquals(1.5, row.path("ratio").asDouble());
    assertEquals(523.63264, row.path("floor").asDouble(), 1e-9);
    assertEquals(400, row.path("contenders").path("gradus-java").path("p50").asDouble());
    assertEquals("killed", row.path("contenders").path("tensorflow").path("failure").asText());
    assertTrue(row.path("contenders").path("djl").path("p50").isMissingNode());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void shouldCountFlopsOfStep() {
    // 64 rows: two products of 784x256 and three of 256x10, 2 operations each
    assertEquals(64 * 2.0 * (2 * 784 * 256 + 3 * 256 * 10), ROW.flops());
  }
}
