package dev.gradus.bench.run;

import java.util.List;

/**
 * One line of a report: work that Gradus and its peers do alike.
 *
 * @param name unique within a report.
 * @param suite it belongs to.
 * @param contender Gradus.
 * @param threads that take part.
 * @param targets what it is to reach, all of them; none where there is nothing to reach.
 * @param beside what it is always measured against, whether peers are asked for or not: Gradus in
 *     another set-up.
 */
public record Row(
    String name,
    String suite,
    Contender contender,
    int threads,
    List<Target> targets,
    List<Contender> beside) {
  public Row {
    targets = List.copyOf(targets);
    beside = List.copyOf(beside);
  }

  /** One that has peers alone. */
  public Row(
      final String name,
      final String suite,
      final Contender contender,
      final int threads,
      final List<Target> targets) {
    this(name, suite, contender, threads, targets, List.of());
  }

  /** Whether all it is to reach is about the spread of its own operations. */
  public boolean isOursAlone() {
    return !targets.isEmpty()
        && targets.stream().allMatch(target -> target.kind() == Target.Kind.TAIL);
  }
}
