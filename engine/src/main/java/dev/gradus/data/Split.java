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
    final int[] order = rows.clone();
    Shuffle.apply(order, seed, STREAM);
    final int[][] parts = new int[fractions.length + 1][];
    int from = 0;
    double share = 0;
    for (int part = 0; part < parts.length; part++) {
      share += part < fractions.length ? fractions[part] : 0;
      final int to = part < fractions.length ? (int) Math.round(share * rows.length) : rows.length;
      if (to <= from) {
        throw GradusException.mismatch("rows of part " + part + " of a split", "1 or more", 0);
      }
      parts[part] = Arrays.copyOfRange(order, from, to);
      from = to;
    }
    return parts;
  }
}
