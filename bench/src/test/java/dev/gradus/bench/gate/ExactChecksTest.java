package dev.gradus.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ExactChecksTest {
  private Object kept;

  @Test
  @Tag("fresh-jvm")
  void shouldPassTheTinyModel() {
    final List<ExactChecks.Finding> findings = ExactChecks.of("tiny", "adam", 32);
    assertEquals(8, findings.size());
    for (final ExactChecks.Finding finding : findings) {
      assertTrue(finding.passed(), finding.describe());
    }
  }

  @Test
  void shouldCatchAnAllocationOfSixteenBytes() {
    final double bytes = HeapCount.bytesPerOperation(() -> kept = new int[0], 0);
    assertTrue(bytes >= 16, "counted " + bytes + ", kept " + kept);
  }

  @Test
  void shouldSayWhatFailed() {
    final ExactChecks.Finding finding = new ExactChecks.Finding("weights", "ab", "cd");
    assertFalse(finding.passed());
    assertEquals("FAIL  weights: expected=ab, actual=cd", finding.describe());
  }
}
