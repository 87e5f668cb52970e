package dev.gradus.bench.run;

import java.util.List;

/**
 * One line of a report: work that Gradus and its peers do alike.
 *
 * @param name unique within a report.
 * @param suite it belongs to.
 * @param contender Gradus.
 * @param threads that take part.
 * @param target what it is to reach.
 * @param beside what it is always measured against, whether peers are asked for or not: Gradus in
 *     another set-up.
 */
public record Row(
    String name,
    String suite,
    Contender contender,
    int threads,
    Target target,
    List<Contender> beside) {
  public Row {
    beside = List.copyOf(beside);
  }

  /** One that has peers alone. */
  public Row(
      final String name,
      final String suite,
      final Contender contender,
      final int threads,
      final Target target) {
    this(name, suite, contender, threads, target, List.of());
  }
}
