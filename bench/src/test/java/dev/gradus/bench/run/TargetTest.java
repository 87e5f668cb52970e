package dev.gradus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class TargetTest {
  private static final double UNKNOWN = Double.NaN;

  @Test
  void shouldJudgeWhatIsReached() {
    assertEquals("met", Target.peer(1.5).verdict(1.5));
    assertEquals("short", Target.peer(1.5).verdict(1.49));
    assertEquals("met", Target.limit(0.8).verdict(0.81));
    assertEquals("short", Target.limit(0.8).verdict(0.79));
    assertEquals("met", Target.tail(1.3).verdict(1.3));
    assertEquals("short", Target.tail(1.3).verdict(1.31));
    assertEquals("short", Target.time(50_000).verdict(50_001));
  }

  @Test
  void shouldJudgeNothingWithoutAFigure() {
    assertEquals("none", Target.peer(1).verdict(UNKNOWN));
    assertEquals("none", Target.time(1).verdict(UNKNOWN));
  }
}
