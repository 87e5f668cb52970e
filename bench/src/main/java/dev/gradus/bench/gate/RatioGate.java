package dev.gradus.bench.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds ratios against a baseline's. What looks worse is measured once more, and only what is worse
 * again is an alarm: with an interval of 92 % on each side, separated, and the margin, a run
 * without change has to be unlucky twice.
 */
public final class RatioGate {
  private final double margin;

  /**
   * Makes one.
   *
   * @param margin how much worse is tolerated: 0.1 for 10 %.
   */
  public RatioGate(final double margin) {
    this.margin = margin;
  }

  /** Measures the ratios of pairs, some more than once. */
  @FunctionalInterface
  public interface Source {
    /** The ratio of each pair, or why there is none. */
    List<Ratio> measure(List<Pair> pairs);
  }

  /**
   * A pair's ratio.
   *
   * @param estimate null where it could not be measured.
   * @param verdict where it could not: whose fault that is.
   * @param failure null, or why.
   */
  public record Ratio(Estimate estimate, Verdict verdict, String failure) {
    static Ratio of(final Estimate estimate) {
      return new Ratio(estimate, null, null);
    }
  }

  /** What became of a pair. */
  public enum Verdict {
    /** Not worse by more than the margin. */
    HOLDS,
    /** Worse twice. */
    SLOWER,
    /** Worse at first, but not when measured again. */
    NOT_CONFIRMED,
    /** Measured too briefly to be judged. */
    TOLD,
    /** The baseline has it not. */
    NEW,
    /** What it is measured against does not run here. */
    SKIPPED,
    /** Its own benchmark failed. */
    FAILED
  }

  /**
   * A pair, held against the baseline.
   *
   * @param now the last measurement.
   * @param baseline null where there is none.
   * @param failure null, or why it could not be measured.
   */
  public record Finding(
      Pair pair, Verdict verdict, Estimate now, Estimate baseline, String failure) {
    /** Whether the gate stays shut. */
    public boolean isAlarm() {
      return verdict == Verdict.SLOWER || verdict == Verdict.FAILED;
    }

    /** How much greater the ratio is, in percent. */
    public double percent() {
      return 100 * (now.median() / baseline.median() - 1);
    }
  }

  /**
   * Measures and judges.
   *
   * @param baseline ratios by a pair's name.
   */
  public List<Finding> judge(
      final List<Pair> pairs, final Map<String, Estimate> baseline, final Source source) {
    final Map<Pair, Finding> findings = new LinkedHashMap<>();
    final List<Pair> suspects = new ArrayList<>();
    final List<Ratio> first = source.measure(pairs);
    for (int i = 0; i < pairs.size(); i++) {
      final Finding finding = judge(pairs.get(i), first.get(i), baseline, Verdict.HOLDS);
      findings.put(pairs.get(i), finding);
      if (finding.verdict() == Verdict.SLOWER) {
        suspects.add(pairs.get(i));
      }
    }
    if (!suspects.isEmpty()) {
      final List<Ratio> second = source.measure(suspects);
      for (int i = 0; i < suspects.size(); i++) {
        findings.put(
            suspects.get(i),
            judge(suspects.get(i), second.get(i), baseline, Verdict.NOT_CONFIRMED));
      }
    }
    return List.copyOf(findings.values());
  }

  /**
   * Measures, and sets each ratio beside the baseline's without judging it.
   *
   * @param baseline ratios by a pair's name.
   */
  public static List<Finding> tell(
      final List<Pair> pairs, final Map<String, Estimate> baseline, final Source source) {
    final List<Finding> findings = new ArrayList<>();
    final List<Ratio> ratios = source.measure(pairs);
    for (int i = 0; i < pairs.size(); i++) {
      final Pair pair = pairs.get(i);
      final Ratio ratio = ratios.get(i);
      findings.add(
          new Finding(
              pair,
              ratio.estimate() == null ? ratio.verdict() : Verdict.TOLD,
              ratio.estimate(),
              baseline.get(pair.name()),
              ratio.failure()));
    }
    return findings;
  }

  private Finding judge(
      final Pair pair,
      final Ratio ratio,
      final Map<String, Estimate> baseline,
      final Verdict otherwise) {
    final Estimate before = baseline.get(pair.name());
    final Estimate now = ratio.estimate();
    if (now == null) {
      return new Finding(pair, ratio.verdict(), null, before, ratio.failure());
    }
    if (before == null) {
      return new Finding(pair, Verdict.NEW, now, null, null);
    }
    final boolean slower = now.isWorseThan(before, margin);
    return new Finding(pair, slower ? Verdict.SLOWER : otherwise, now, before, null);
  }
}
