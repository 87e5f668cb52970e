package dev.gradus.tools.data;

import dev.gradus.data.Split;
import dev.gradus.memory.GradusException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rows divided at random, the same for the same seed; each class to the same shares. The usual
 * shares are dealt in twentieths rather than by {@link Split#stratified}, which would give other
 * rows to each part: what models are known to reach rests on these.
 */
public final class Partition {
  /** Shares are counted in twentieths: 5 %. */
  private static final int CYCLE = 20;

  /** Every row has one of these places; a part has as many places as it has twentieths. */
  private static final int[] SPREAD = {
    3, 10, 17, 6, 13, 19, 0, 1, 2, 4, 5, 7, 8, 9, 11, 12, 14, 15, 16, 18
  };

  private static final int VALIDATION_OF_THREE = 3;
  private static final int TEST_OF_THREE = 3;
  private static final int VALIDATION_OF_TWO = 2;

  /** The fewest rows that leave none of three parts empty: up to the first place of the test. */
  private static final int MIN_ROWS = 7;

  private final int[] training;
  private final int[] validation;
  private final int[] test;

  Partition(final int[] training, final int[] validation, final int[] test) {
    this.training = training;
    this.validation = validation;
    this.test = test;
  }

  public int[] training() {
    return training;
  }

  public int[] validation() {
    return validation;
  }

  public int[] test() {
    return test;
  }

  /** 70 % for training, 15 % for validation, 15 % for the test. */
  static Partition ofThree(final int[] classes, final long seed, final String source) {
    return divide(classes, seed, source, VALIDATION_OF_THREE, TEST_OF_THREE, 0);
  }

  /** 90 % for training, 10 % for validation; the test is what follows the given rows. */
  static Partition withTest(
      final int[] classes, final int testRows, final long seed, final String source) {
    return divide(classes, seed, source, VALIDATION_OF_TWO, 0, testRows);
  }

  /**
   * Other shares.
   *
   * @param testRows a test of its own behind the given rows; 0 where there is none.
   * @throws GradusException where there is a test of its own and the sizes ask for one, or a part
   *     that is asked for gets no row.
   */
  static Partition of(
      final int[] classes,
      final int testRows,
      final SplitSizes sizes,
      final long seed,
      final String source) {
    if (testRows > 0 && sizes.test() > 0) {
      throw GradusException.mismatch(
          "split sizes of " + source + ", which has a test of its own",
          "no share for a test, as 90/10",
          sizes.training() + "/" + sizes.validation() + "/" + sizes.test());
    }
    final int[] percents = {sizes.training(), sizes.validation(), sizes.test()};
    final int[] asked = IntStream.range(0, percents.length).filter(p -> percents[p] > 0).toArray();
    final double[] fractions =
        Arrays.stream(asked)
            .limit(asked.length - 1)
            .mapToDouble(p -> percents[p] / 100.0)
            .toArray();
    final int rows = classes.length;
    final int[][] dealt = Split.stratified(Split.all(rows), classes, seed, fractions);
    final int[][] parts = {{}, {}, {}};
    for (int i = 0; i < asked.length; i++) {
      parts[asked[i]] = dealt[i];
    }
    final int[] test = testRows > 0 ? IntStream.range(rows, rows + testRows).toArray() : parts[2];
    return new Partition(parts[0], parts[1], test);
  }

  /** Deals out the rows, one class after the other. */
  private static Partition divide(
      final int[] classes,
      final long seed,
      final String source,
      final int validation,
      final int test,
      final int testRows) {
    final int rows = classes.length;
    if (rows < MIN_ROWS) {
      throw GradusException.mismatch(
          "rows of " + source, MIN_ROWS + " or more, to train and to validate with", rows);
    }
    final byte[] part = new byte[CYCLE];
    for (int i = 0; i < validation + test; i++) {
      part[SPREAD[i]] = (byte) (i < validation ? 1 : 2);
    }
    final int[][] parts = {new int[rows], new int[rows], new int[Math.max(rows, testRows)]};
    final int[] counts = new int[3];
    int place = 0;
    for (final int row : Split.byClass(Split.all(rows), classes, seed)) {
      final int p = part[place++ % CYCLE];
      parts[p][counts[p]++] = row;
    }
    for (int i = 0; i < testRows; i++) {
      parts[2][counts[2]++] = rows + i;
    }
    for (int p = 0; p < parts.length; p++) {
      parts[p] = Arrays.copyOf(parts[p], counts[p]);
    }
    return new Partition(parts[0], parts[1], parts[2]);
  }
}
