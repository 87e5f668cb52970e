package dev.gradus.optim;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of learning-rate schedules by name, and their text. */
public final class Schedules {
  /** One kind: what its arguments are, those it takes when they are left out, how it is made. */
  private record Kind(String arguments, int most, Make make) {}

  private interface Make {
    /**
     * Makes a schedule.
     *
     * @param rest steps of the run behind the schedules before.
     */
    Schedule of(Arguments given, long rest);
  }

  private static final Map<String, Kind> TABLE = new LinkedHashMap<>();

  static {
    add(
        "constant",
        "[factor[,steps]]",
        2,
        (given, rest) -> new Constant(given.number(0, 1), given.whole(1, Schedule.UNENDING)));
    add(
        "linear",
        "[end[,steps]]",
        2,
        (given, rest) -> new LinearDecay(given.whole(1, rest), 1, given.number(0, 0)));
    add("warmup", "steps", 1, (given, rest) -> new WarmUp(given.whole(0)));
    add(
        "step",
        "every[,gamma]",
        2,
        (given, rest) -> new StepDecay(given.whole(0), given.number(1, 0.1)));
    add(
        "multistep",
        "gamma,milestone,...",
        Integer.MAX_VALUE,
        (given, rest) -> new MultiStep(given.number(0), given.wholesFrom(1)));
    add("exponential", "gamma", 1, (given, rest) -> new Exponential(given.number(0)));
    add(
        "polynomial",
        "power[,end[,steps]]",
        3,
        (given, rest) ->
            new PolynomialDecay(given.whole(2, rest), given.number(0), given.number(1, 0)));
    add(
        "cosine",
        "[end[,steps]]",
        2,
        (given, rest) -> new Cosine(given.whole(1, rest), given.number(0, 0)));
    add(
        "cosine_restarts",
        "first[,growth[,end]]",
        3,
        (given, rest) ->
            new CosineRestarts(
                given.whole(0), Math.toIntExact(given.whole(1, 1)), given.number(2, 0)));
    add(
        "one_cycle",
        "[rise[,start divisor[,end divisor]]]",
        3,
        (given, rest) ->
            new OneCycle(rest, given.number(0, 0.3), given.number(1, 25), given.number(2, 1e4)));
    add("inverse_sqrt", "warm-up steps", 1, (given, rest) -> new InverseSqrt(given.whole(0)));
    add(
        "plateau",
        "[gamma[,patience]]",
        2,
        (given, rest) ->
            new ReduceOnPlateau(
                given.number(0, 0.1), Math.toIntExact(given.whole(1, 10)), 1e-4, 0, 0));
  }

  private Schedules() {}

  private static void add(
      final String name, final String arguments, final int most, final Make make) {
    TABLE.put(name, new Kind(arguments, most, make));
  }

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The schedule a text describes: {@code cosine}, or several one after another with spaces
   * between, {@code warmup(100) cosine(0.01)}.
   *
   * @param steps of the whole run, 1 or more: what a schedule that is given no length of its own
   *     takes, less the steps of those before it.
   * @throws GradusException where a name is unknown or arguments don't fit.
   */
  public static Schedule parse(final String text, final long steps) {
    Settings.requireSteps("steps of a run", steps);
    Schedule schedule = null;
    // Spaces within parentheses belong to the arguments.
    for (final String part : text.strip().split("\\s+(?![^(]*\\))", -1)) {
      final long before = schedule == null ? 0 : schedule.length();
      final Schedule next = one(part, Math.max(1, steps - before));
      schedule = schedule == null ? next : schedule.then(next);
    }
    return schedule;
  }

  private static Schedule one(final String text, final long rest) {
    final int open = text.indexOf('(');
    final boolean hasArguments = open >= 0 && text.endsWith(")");
    final String name = hasArguments ? text.substring(0, open) : text;
    final Kind kind = TABLE.get(name);
    if (kind == null) {
      throw Names.unknown("schedule", name, TABLE.keySet());
    }
    final String inner = hasArguments ? text.substring(open + 1, text.length() - 1).strip() : "";
    final List<String> words = inner.isEmpty() ? List.of() : List.of(inner.split(",", -1));
    final Arguments given = new Arguments(name, kind.arguments, words);
    if (words.size() > kind.most) {
      throw given.mismatch();
    }
    return kind.make.of(given, rest);
  }

  /** What stood between the parentheses. */
  private record Arguments(String name, String expected, List<String> words) {
    GradusException mismatch() {
      return GradusException.mismatch("arguments of " + name, expected, words);
    }

    double number(final int index) {
      try {
        if (index < words.size()) {
          return Double.parseDouble(words.get(index).strip());
        }
      } catch (final NumberFormatException e) {
        throw new GradusException(mismatch().getMessage(), e);
      }
      throw mismatch();
    }

    double number(final int index, final double usual) {
      return index < words.size() ? number(index) : usual;
    }

    long whole(final int index) {
      final double value = number(index);
      if (value != Math.rint(value)) {
        throw mismatch();
      }
      return (long) value;
    }

    long whole(final int index, final long usual) {
      return index < words.size() ? whole(index) : usual;
    }

    long[] wholesFrom(final int first) {
      final long[] values = new long[Math.max(0, words.size() - first)];
      for (int i = 0; i < values.length; i++) {
        values[i] = whole(first + i);
      }
      return values;
    }
  }
}
