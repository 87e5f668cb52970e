package dev.gradus.bench.peers;

import java.util.Map;
import java.util.TreeMap;

/** One engine in one set-up, measured in a JVM of its own. */
interface Contender {
  /** The name in parameters and reports. */
  String title();

  /** Whether it is Gradus. */
  boolean ours();

  /**
   * What the environment of its JVM says: one thread count for whichever pool of threads a native
   * library brings.
   */
  default Map<String, String> environment(final int threads) {
    final Map<String, String> environment = new TreeMap<>();
    for (final String pool : new String[] {"OMP", "MKL", "OPENBLAS"}) {
      environment.put(pool + "_NUM_THREADS", Integer.toString(threads));
    }
    return environment;
  }

  /**
   * The contender of that title.
   *
   * @throws IllegalArgumentException where there is none.
   */
  static <C extends Contender> C named(final String title, final C[] contenders) {
    final StringBuilder titles = new StringBuilder();
    for (final C contender : contenders) {
      if (contender.title().equals(title)) {
        return contender;
      }
      titles.append(titles.isEmpty() ? "" : ", ").append(contender.title());
    }
    throw new IllegalArgumentException(
        "contender: expected=one of " + titles + ", actual=" + title);
  }
}
