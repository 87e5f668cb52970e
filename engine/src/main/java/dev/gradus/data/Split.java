package dev.gradus.data;

import dev.gradus.memory.GradusException;
import java.util.Arrays;

/** Row numbers divided into parts. */
public final class Split {
  private static final long STREAM = -1; // epochs have streams from 0 up

  private Split() {}

  /** The numbers 0 up to {@code rows}, in order. */
  public static int[] all(final int rows) {
    final int[] order = new int[rows];
    Arrays.setAll(order, i -> i);
    return order;
  }

  /**
   * Divides row numbers at random.
   *
   * @param rows to divide; left as they are.
   * @param fractions of all parts but the last, each above 0, together below 1; the last part is
   *     the rest.
   * @throws GradusException where the fractions are out of range or a part would be empty.
   */
  public static int[][] random(final int[] rows, final long seed, final double... fractions) {
    requireFractions(fractions);
    final int[] order = rows.clone();
    Shuffle.apply(order, seed, STREAM);
    final int[][] parts = new int[fractions.length + 1][];
    int from = 0;
    double share = 0;
    for (int part = 0; part < parts.length; part++) {
      share += part < fractions.length ? fractions[part] : 0;
      final int to = part < fractions.length ? (int) Math.round(share * rows.length) : rows.length;
      parts[part] = Arrays.copyOfRange(order, from, Math.max(from, to));
      requireRows(parts[part], part);
      from = to;
    }
    return parts;
  }

  /**
   * Divides row numbers at random, each class to the same shares as near as whole rows allow: the
   * classes' rows, in random order one class after the other, go to the part that lacks most of its
   * share so far.
   *
   * @param rows to divide; left as they are.
   * @param classes of all rows of the data, by row number.
   * @param fractions as those of {@link #random}; none for a single part.
   * @throws GradusException where the fractions are out of range or a part would be empty.
   */
  public static int[][] stratified(
      final int[] rows, final int[] classes, final long seed, final double... fractions) {
    requireFractions(fractions);
    final int[] order = byClass(rows, classes, seed);
    final double[] shares = Arrays.copyOf(fractions, fractions.length + 1);
    shares[fractions.length] = 1 - Arrays.stream(fractions).sum();
    final int[][] parts = new int[shares.length][order.length];
    final int[] counts = new int[shares.length];
    for (int i = 0; i < order.length; i++) {
      int needy = 0;
      for (int part = 1; part < parts.length; part++) {
        final double lack = shares[part] * (i + 1) - counts[part];
        needy = lack > shares[needy] * (i + 1) - counts[needy] ? part : needy;
      }
      parts[needy][counts[needy]++] = order[i];
    }
    for (int part = 0; part < parts.length; part++) {
      parts[part] = Arrays.copyOf(parts[part], counts[part]);
      requireRows(parts[part], part);
    }
    return parts;
  }

  /**
   * Row numbers in random order, one class after the other.
   *
   * @param rows left as they are.
   * @param classes of all rows of the data, by row number; 0 or more.
   */
  public static int[] byClass(final int[] rows, final int[] classes, final long seed) {
    final int[] order = rows.clone();
    Shuffle.apply(order, seed, STREAM);
    final long[] keys = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      keys[i] = ((long) classes[order[i]] << Integer.SIZE) | i;
    }
    Arrays.sort(keys);
    final int[] sorted = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      sorted[i] = order[(int) keys[i]];
    }
    return sorted;
  }

  private static void requireRows(final int[] rows, final int part) {
    if (rows.length == 0) {
      throw GradusException.mismatch("rows of part " + part + " of a split", "1 or more", 0);
    }
  }

  private static void requireFractions(final double... fractions) {
    double sum = 0;
    for (final double fraction : fractions) {
      sum += fraction;
      if (!(fraction > 0)) {
        throw GradusException.outOfRange("fraction of a split", "above 0", fraction);
      }
    }
    if (!(sum < 1)) {
      throw GradusException.outOfRange("sum of the fractions of a split", "below 1", sum);
    }
  }
}
