package dev.gradus.bench.run;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Measures rows. The contenders of a row take turns, see {@link InTurns}, in another order each
 * round, so that whatever else the machine does meets all of them alike.
 */
public final class Measurement {
  private final Fork fork;
  private final Effort effort;
  private final boolean avx2;
  private final PrintWriter log;

  /**
   * Makes one.
   *
   * @param prefix words before the command of each JVM.
   * @param avx2 whether all are held to AVX2, the machine's limits included.
   * @param log where progress goes.
   */
  public Measurement(
      final List<String> prefix, final Effort effort, final boolean avx2, final PrintWriter log) {
    this.fork = new Fork(prefix, System.getProperty("java.class.path"), avx2);
    this.effort = effort;
    this.avx2 = avx2;
    this.log = log;
  }

  /**
   * What a run brought.
   *
   * @param limits by number of threads.
   */
  public record Outcome(Machine machine, SortedMap<Integer, Limits> limits, List<Result> results) {}

  /**
   * Measures.
   *
   * @param threads whose limits are measured; a row of another number has none.
   * @param withPeers other engines, too, where a row has any.
   */
  public Outcome run(
      final List<Row> rows, final SortedSet<Integer> threads, final boolean withPeers) {
    final List<List<Contender>> contenders = new ArrayList<>();
    int forks = 0;
    double seconds = 0;
    for (final Row row : rows) {
      contenders.add(contenders(row, withPeers));
      final int more = contenders.getLast().size();
      forks += more * effort.rounds();
      seconds += effort.rounds() * effort.forSuite(row.suite()).seconds(more);
    }
    final int parts = Limits.BENCHMARKS.size() * threads.size() * effort.rounds() + forks;
    final Progress progress = new Progress(log, parts, seconds / forks);
    progress.begin(rows.size() + " rows");
    final SortedMap<Integer, Limits> limits = new TreeMap<>();
    final List<Map<Contender, List<Sample>>> samples = new ArrayList<>();
    rows.forEach(row -> samples.add(new LinkedHashMap<>()));
    for (int round = 0; round < effort.rounds(); round++) {
      // Memory that others use, too, is faster at one time than at another.
      for (final int count : threads) {
        limits.merge(count, Limits.measure(fork, count, progress), Limits::best);
      }
      for (int r = 0; r < rows.size(); r++) {
        final List<Contender> order = new ArrayList<>(contenders.get(r));
        Collections.rotate(order, round);
        final List<Sample> all = InTurns.run(entries(order), effort.forSuite(rows.get(r).suite()));
        for (int i = 0; i < order.size(); i++) {
          final Sample sample = all.get(i);
          samples.get(r).computeIfAbsent(order.get(i), c -> new ArrayList<>()).add(sample);
          progress.done(title(rows.get(r), order.get(i)), said(sample));
        }
      }
    }
    final List<Result> results = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      final Row row = rows.get(r);
      results.add(result(row, contenders.get(r), samples.get(r), limits.get(row.threads())));
    }
    final Machine machine = avx2 ? Machine.detect().heldTo(256) : Machine.detect();
    return new Outcome(machine, limits, List.copyOf(results));
  }

  private List<InTurns.Entry> entries(final List<Contender> contenders) {
    return contenders.stream().map(one -> new InTurns.Entry(fork, one)).toList();
  }

  private static List<Contender> contenders(final Row row, final boolean withPeers) {
    if (row.beside().isEmpty()) {
      return withPeers ? withPeers(row) : List.of(row.contender());
    }
    final List<Contender> all = new ArrayList<>(row.beside());
    all.addFirst(row.contender());
    return all;
  }

  private static List<Contender> withPeers(final Row row) {
    for (final Peers peers : ServiceLoader.load(Peers.class)) {
      final List<Contender> found = peers.contenders(row);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of(row.contender());
  }

  private static Result result(
      final Row row,
      final List<Contender> contenders,
      final Map<Contender, List<Sample>> samples,
      final Limits limits) {
    final Map<String, Figures> peers = new LinkedHashMap<>();
    final Figures ours = Figures.of(samples.get(contenders.get(0)));
    for (final Contender contender : contenders) {
      if (!contender.ours()) {
        peers.put(contender.title(), Figures.of(samples.get(contender)));
      }
    }
    return Result.of(row, ours, peers, limits);
  }

  private static String title(final Row row, final Contender contender) {
    return contender.ours() ? row.name() : row.name() + ", " + contender.title();
  }

  private static String said(final Sample sample) {
    return sample.failure() == null
        ? String.format(Locale.ROOT, "%.2f us", sample.micros())
        : sample.failure();
  }
}
