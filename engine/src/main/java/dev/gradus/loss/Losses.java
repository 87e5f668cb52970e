package dev.gradus.loss;

import dev.gradus.kernel.SquaredError;
import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The table of losses by name. */
public final class Losses {
  private static final Map<String, Loss> TABLE = new LinkedHashMap<>();

  static {
    for (final Loss loss : new Loss[] {softmaxCrossEntropy(), meanSquaredError()}) {
      TABLE.put(loss.name(), loss);
    }
  }

  private Losses() {}

  /** Softmax cross-entropy from logits and class indices. */
  public static Loss softmaxCrossEntropy() {
    return new SoftmaxCrossEntropyLoss();
  }

  /** Mean squared error: the mean of {@code (p - t)^2}. */
  public static Loss meanSquaredError() {
    return new ElementLoss(new SquaredError());
  }

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The loss of that name.
   *
   * @throws dev.gradus.memory.GradusException where the name is unknown.
   */
  public static Loss byName(final String name) {
    final Loss loss = TABLE.get(name);
    if (loss == null) {
      throw Names.unknown("loss", name, TABLE.keySet());
    }
    return loss;
  }
}
