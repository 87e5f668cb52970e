package dev.gradus.bench.run;

import java.util.List;

/**
 * Knows the other engines that can do a row's work; found by {@code ServiceLoader}, as those
 * engines are no part of an ordinary build.
 */
public interface Peers {
  /**
   * Who does that row's work, Gradus first, in a benchmark that checks all of them alike; none
   * where no peer can.
   */
  List<Contender> contenders(Row row);
}
