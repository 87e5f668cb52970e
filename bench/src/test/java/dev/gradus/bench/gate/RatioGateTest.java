package dev.gradus.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.bench.run.Contender;
import dev.gradus.bench.run.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RatioGateTest {
  private static final Pair RELU = pair("kernel relu");
  private static final Pair TANH = pair("kernel tanh");
  private static final Map<String, Estimate> BASELINE =
      Map.of(
          "kernel relu",
          new Estimate(1, 0.97, 1.03, 6),
          "kernel tanh",
          new Estimate(2, 1.9, 2.1, 6));
  private static final Estimate FAST = new Estimate(1.02, 0.99, 1.04, 6);
  private static final Estimate SLOW = new Estimate(1.2, 1.17, 1.23, 6);

  private final Deque<List<RatioGate.Ratio>> answers = new ArrayDeque<>();
  private final List<List<Pair>> asked = new ArrayList<>();
  private final RatioGate gate = new RatioGate(0.1);

  private static Pair pair(final String name) {
    final Contender contender = Contender.gradus(name, "kernel.KernelBench.run");
    return new Pair(name, contender, contender);
  }

  private List<RatioGate.Finding> judge(final Pair... pairs) {
    return gate.judge(
        List.of(pairs),
        BASELINE,
        measured -> {
          asked.add(measured);
          return answers.remove();
        });
  }

  @Test
  void shouldRaiseAlarmWhenSlowTwice() {
    answers.add(List.of(RatioGate.Ratio.of(SLOW), RatioGate.Ratio.of(new Estimate(2, 2, 2, 6))));
    answers.add(List.of(RatioGate.Ratio.of(SLOW)));
    final List<RatioGate.Finding> findings = judge(RELU, TANH);
    assertEquals(RatioGate.Verdict.SLOWER, findings.get(0).verdict());
    assertTrue(findings.get(0).isAlarm());
    assertEquals(20, findings.get(0).percent(), 1e-9);
    assertEquals(RatioGate.Verdict.HOLDS, findings.get(1).verdict());
    assertEquals(List.of(List.of(RELU, TANH), List.of(RELU)), asked);
    final String table = GateTable.of(List.of(findings.get(1), findings.get(0)));
    final List<String> lines = table.lines().toList();
    assertTrue(lines.get(1).startsWith("kernel relu "), table);
    assertTrue(lines.get(1).contains("+20.0 %") && lines.get(1).endsWith("slower"), table);
  }

  @Test
  void shouldRaiseNoAlarmWhenNotConfirmed() {
    answers.add(List.of(RatioGate.Ratio.of(SLOW)));
    answers.add(List.of(RatioGate.Ratio.of(FAST)));
    final RatioGate.Finding finding = judge(RELU).get(0);
    assertEquals(RatioGate.Verdict.NOT_CONFIRMED, finding.verdict());
    assertFalse(finding.isAlarm());
  }

  @Test
  void shouldMeasureOnceWithoutSuspicion() {
    answers.add(List.of(RatioGate.Ratio.of(FAST)));
    assertEquals(RatioGate.Verdict.HOLDS, judge(RELU).get(0).verdict());
    assertEquals(1, asked.size());
  }

  @Test
  void shouldPassOverWhatTheBaselineHasNot() {
    answers.add(List.of(RatioGate.Ratio.of(SLOW)));
    final RatioGate.Finding finding = judge(pair("kernel gelu")).get(0);
    assertEquals(RatioGate.Verdict.NEW, finding.verdict());
    assertFalse(finding.isAlarm());
  }

  @Test
  void shouldTellWithoutJudging() {
    final List<RatioGate.Finding> findings =
        RatioGate.tell(
            List.of(RELU, pair("kernel gelu")),
            BASELINE,
            pairs -> List.of(RatioGate.Ratio.of(SLOW), RatioGate.Ratio.of(SLOW)));
    for (final RatioGate.Finding finding : findings) {
      assertEquals(RatioGate.Verdict.TOLD, finding.verdict());
      assertFalse(finding.isAlarm());
    }
    assertEquals(20, findings.get(0).percent(), 1e-9);
    assertTrue(GateTable.of(findings).contains("+20.0 %"), GateTable.of(findings));
  }

  @Test
  void shouldTellOurFailureFromTheOthers() {
    final Sample good = new Sample(4, 3, List.of(3.0, 9.0, 3.0), Map.of(), Map.of(), null);
    final Sample twice = new Sample(9, 6, List.of(6.0, 18.0, 5.0), Map.of(), Map.of(), null);
    final Sample bad =
        new Sample(Double.NaN, Double.NaN, List.of(), Map.of(), Map.of(), "no library");
    answers.add(
        List.of(
            ForkedRatios.ratio(List.of(good, bad), List.of(good, good)),
            ForkedRatios.ratio(List.of(good, good), List.of(bad, good))));
    final List<RatioGate.Finding> findings = judge(RELU, TANH);
    assertTrue(findings.get(0).isAlarm());
    assertFalse(findings.get(1).isAlarm());
    assertTrue(GateTable.of(findings).contains("skipped: no library"));
    assertEquals(
        new Estimate(2, 2, 2, 1), ForkedRatios.ratio(List.of(twice), List.of(good)).estimate());
  }
}
