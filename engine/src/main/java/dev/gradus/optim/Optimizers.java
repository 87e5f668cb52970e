package dev.gradus.optim;

import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;

/** The table of optimizers by name, each with its usual settings for a given learning rate. */
public final class Optimizers {
  private static final Map<String, DoubleFunction<Optimizer>> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put("sgd", Sgd::new);
    TABLE.put("momentum", Momentum::new);
    TABLE.put("nesterov", rate -> new Momentum(rate, 0.9, true, 0));
    TABLE.put("adagrad", AdaGrad::new);
    TABLE.put("rmsprop", RmsProp::new);
    TABLE.put("adadelta", Adadelta::new);
    TABLE.put("adam", Adam::new);
    TABLE.put("amsgrad", AmsGrad::new);
    TABLE.put("adamw", AdamW::new);
    TABLE.put("adamax", Adamax::new);
    TABLE.put("nadam", Nadam::new);
    TABLE.put("radam", RAdam::new);
    TABLE.put("lion", Lion::new);
  }

  private Optimizers() {}

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The optimizer of that name.
   *
   * @throws dev.gradus.memory.GradusException where the name is unknown or the rate out of range.
   */
  public static Optimizer byName(final String name, final double learningRate) {
    final DoubleFunction<Optimizer> make = TABLE.get(name);
    if (make == null) {
      throw Names.unknown("optimizer", name, TABLE.keySet());
    }
    return make.apply(learningRate);
  }
}
