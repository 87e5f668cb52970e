package dev.gradus.bench.gate;

import dev.gradus.bench.run.Effort;
import dev.gradus.bench.run.Fork;
import dev.gradus.bench.run.InTurns;
import dev.gradus.bench.run.Progress;
import dev.gradus.bench.run.Sample;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Ratios from fresh JVMs: in each round both of a pair take turns, see {@link InTurns}, the second
 * first in every other round, and each round gives a ratio, of the operations that nothing
 * disturbed.
 */
public final class ForkedRatios implements RatioGate.Source {
  private final Fork first;
  private final Fork second;
  private final Effort effort;
  private final PrintWriter log;

  /**
   * Makes one.
   *
   * @param first runs the first of a pair.
   * @param second runs the second, of another version where two are compared.
   */
  public ForkedRatios(
      final Fork first, final Fork second, final Effort effort, final PrintWriter log) {
    this.first = first;
    this.second = second;
    this.effort = effort;
    this.log = log;
  }

  @Override
  public List<RatioGate.Ratio> measure(final List<Pair> pairs) {
    final double seconds =
        pairs.stream().mapToDouble(pair -> effort.forSuite(pair.suite()).seconds(2)).sum();
    final Progress progress =
        new Progress(log, pairs.size() * effort.rounds(), seconds / pairs.size());
    progress.begin(pairs.size() + " ratios");
    final List<List<Sample>> ours = new ArrayList<>();
    final List<List<Sample>> others = new ArrayList<>();
    for (int p = 0; p < pairs.size(); p++) {
      ours.add(new ArrayList<>());
      others.add(new ArrayList<>());
    }
    for (int round = 0; round < effort.rounds(); round++) {
      for (int p = 0; p < pairs.size(); p++) {
        final List<InTurns.Entry> order = new ArrayList<>();
        order.add(new InTurns.Entry(first, pairs.get(p).first()));
        order.add(new InTurns.Entry(second, pairs.get(p).second()));
        Collections.rotate(order, round);
        final List<Sample> samples =
            new ArrayList<>(InTurns.run(order, effort.forSuite(pairs.get(p).suite())));
        Collections.rotate(samples, round); // of two, once more is back
        ours.get(p).add(samples.get(0));
        others.get(p).add(samples.get(1));
        progress.done(pairs.get(p).name(), said(samples.get(0), samples.get(1)));
      }
    }
    final List<RatioGate.Ratio> ratios = new ArrayList<>();
    for (int p = 0; p < pairs.size(); p++) {
      ratios.add(ratio(ours.get(p), others.get(p)));
    }
    return ratios;
  }

  /** Of samples that belong together by their place in the lists. */
  static RatioGate.Ratio ratio(final List<Sample> ours, final List<Sample> others) {
    final double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      if (ours.get(i).failure() != null) {
        return new RatioGate.Ratio(null, RatioGate.Verdict.FAILED, ours.get(i).failure());
      }
      if (others.get(i).failure() != null) {
        return new RatioGate.Ratio(null, RatioGate.Verdict.SKIPPED, others.get(i).failure());
      }
      ratios[i] = ours.get(i).quietOver(others.get(i));
    }
    return RatioGate.Ratio.of(Estimate.of(ratios));
  }

  private static String said(final Sample ours, final Sample other) {
    if (ours.failure() != null || other.failure() != null) {
      return ours.failure() != null ? ours.failure() : other.failure();
    }
    return String.format(Locale.ROOT, "%.3f", ours.quietOver(other));
  }
}
