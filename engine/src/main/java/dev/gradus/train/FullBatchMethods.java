package dev.gradus.train;

import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/** The table of full-batch methods by name, each with its usual settings. */
public final class FullBatchMethods {
  private static final Map<String, LongFunction<FullBatch>> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put("lbfgs", seed -> new Lbfgs());
    TABLE.put("cg", seed -> new ConjugateGradient());
    TABLE.put("lm", seed -> new LevenbergMarquardt());
    TABLE.put("random", seed -> new RandomSearch(seed, 0.1));
    TABLE.put("anneal", seed -> new SimulatedAnnealing(seed, 0.02, 0.01, 0.9995));
  }

  private FullBatchMethods() {}

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The method of that name.
   *
   * @param seed of those that draw random numbers.
   * @throws dev.gradus.memory.GradusException where the name is unknown.
   */
  public static FullBatch byName(final String name, final long seed) {
    final LongFunction<FullBatch> make = TABLE.get(name);
    if (make == null) {
      throw Names.unknown("full-batch method", name, TABLE.keySet());
    }
    return make.apply(seed);
  }
}
