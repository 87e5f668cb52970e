package dev.gradus.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class TargetTest {
  private static final double UNKNOWN = Double.NaN;

  @Test
  void shouldJudgeByWhatItIsAMultipleOf() {
    assertEquals("met", Target.peer(1.5).verdict(1.5, 0.1));
    assertEquals("short", Target.peer(1.5).verdict(1.49, 1));
    assertEquals("met", Target.limit(0.8).verdict(UNKNOWN, 0.81));
    assertEquals("short", Target.limit(0.8).verdict(2, 0.79));
  }

  @Test
  void shouldJudgeNothingWithoutAFigureOrATarget() {
    assertEquals("none", Target.peer(1).verdict(UNKNOWN, 1));
    assertEquals("none", Target.limit(1).verdict(2, UNKNOWN));
    assertEquals("none", Target.NONE.verdict(2, 1));
  }
}
