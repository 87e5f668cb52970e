package dev.gradus.tools.model;

import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.ArrayList;
import java.util.List;

/** The losses that fit what a table or images can have as targets: one class, or one number. */
public final class DataLosses {
  private static final List<String> OF_CLASSES = List.of("cross-entropy");
  private static final List<String> OF_NUMBERS = List.of("mse", "mae", "huber", "smooth-l1");

  private DataLosses() {}

  /** Whether targets are numbers, not classes. */
  public static boolean areNumbers(final Loss loss) {
    return OF_NUMBERS.contains(loss.name());
  }

  /**
   * The loss of that name, see {@link Losses#byName}.
   *
   * @throws GradusException where there is none, or it wants other targets.
   */
  public static Loss byName(final String text) {
    final List<String> fitting = new ArrayList<>(OF_CLASSES);
    fitting.addAll(OF_NUMBERS);
    final String name = text.contains("(") ? text.substring(0, text.indexOf('(')) : text;
    if (!Losses.names().contains(name.replace('_', '-'))) {
      throw Names.unknown("loss", name, fitting);
    }
    final Loss loss = Losses.byName(text);
    if (!fitting.contains(loss.name())) {
      throw GradusException.mismatch(
          "loss for targets that are a class or a number", "one of " + fitting, loss.name());
    }
    return loss;
  }
}
