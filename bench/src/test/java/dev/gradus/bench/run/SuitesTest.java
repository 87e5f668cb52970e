package dev.gradus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SuitesTest {
  @Test
  void shouldHaveRowsOfUniqueNamesInEverySuite() {
    for (final String suite : Suites.names()) {
      final List<Row> full = Suites.rows(suite, true, 2);
      final Set<String> names = new HashSet<>();
      for (final Row row : full) {
        assertTrue(names.add(row.name()), row.name());
        assertTrue(suite.equals(Suites.ALL) || suite.equals(row.suite()), row.name());
      }
      final List<Row> quick = Suites.rows(suite, false, 2);
      assertTrue(!quick.isEmpty() && full.containsAll(quick), suite);
    }
  }

  /** Ten minutes for a quick run of all, with some of them to spare for what is slow to set up. */
  @Test
  void shouldPlanAQuickRunBelowTenMinutes() {
    final Effort quick = Effort.QUICK;
    // Each limit has several footprints.
    double seconds = Limits.BENCHMARKS.size() * 2 * quick.seconds(1);
    for (final Row row : Suites.rows("all", false, 1)) {
      seconds += quick.forSuite(row.suite()).seconds(1 + row.beside().size());
    }
    assertTrue(quick.rounds() * seconds < 9 * 60, quick.rounds() * seconds + " s");
  }

  @Test
  void shouldWarmUpOnceInAColdJvm() {
    for (final Row row : Suites.rows("all", true, 1)) {
      assertEquals(row.name().startsWith("warm-up "), row.contender().isCold(), row.name());
    }
    assertEquals(List.of("-wi", "0", "-i", "1"), Effort.ONCE);
  }

  @Test
  void shouldMeasureTailsAlone() {
    for (final Row row : Suites.rows("all", true, 1)) {
      assertEquals(row.name().endsWith(", p99"), row.isOursAlone(), row.name());
    }
  }

  @Test
  void shouldTakeAFileAsModel() {
    final Row row = Suites.model("a/model.safetensors", 16, 1).get(0);
    assertEquals("a/model.safetensors", row.contender().parameters().get("model"));
    assertEquals("16", row.contender().parameters().get("batch"));
  }
}
