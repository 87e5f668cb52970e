package dev.gradus.bench.gate;

import dev.gradus.bench.run.Contender;

/**
 * Two benchmarks that run in turns; their ratio, the first's time over the second's, holds on a
 * busy machine better than either does alone.
 */
public record Pair(String name, Contender first, Contender second) {
  /** The first word of its name. */
  String suite() {
    return name.substring(0, name.indexOf(' '));
  }
}
