package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import java.util.Arrays;

/** Brings values to a range that trains well: {@code (x - shift) * scale}. */
public final class Scaling {
  private final double[] shift;
  private final double[] scale;

  /**
   * A scaling by given numbers.
   *
   * @param shift one for each column, or one for all.
   * @param scale likewise.
   * @throws GradusException where there are not as many, or one is not finite.
   */
  public Scaling(final double[] shift, final double[] scale) {
    if (shift.length == 0 || shift.length != scale.length) {
      throw GradusException.mismatch(
          "numbers of a scaling", "as many shifts as scales", shift.length + ", " + scale.length);
    }
    for (int i = 0; i < shift.length; i++) {
      if (!Double.isFinite(shift[i]) || !Double.isFinite(scale[i])) {
        throw GradusException.mismatch(
            "number " + (i + 1) + " of a scaling", "finite", shift[i] + ", " + scale[i]);
      }
    }
    this.shift = shift.clone();
    this.scale = scale.clone();
  }

  public double[] shift() {
    return shift.clone();
  }

  public double[] scale() {
    return scale.clone();
  }

  /** Leaves values as they are. */
  public static Scaling none() {
    return uniform(1);
  }

  /** From 0 up to a largest value to 0 up to 1, all columns alike. */
  public static Scaling uniform(final double largest) {
    return new Scaling(new double[] {0}, new double[] {1 / largest});
  }

  /** To mean 0 and deviation 1 over the given rows; a column that is constant there only shifts. */
  public static Scaling standard(final Features features, final int[] rows) {
    final double[] shift = new double[features.width()];
    final double[] scale = new double[features.width()];
    final double[] column = new double[rows.length];
    for (int c = 0; c < shift.length; c++) {
      for (int i = 0; i < rows.length; i++) {
        column[i] = features.get(rows[i], c);
      }
      standard(column, shift, scale, c);
    }
    return new Scaling(shift, scale);
  }

  /** Likewise, for one column. */
  public static Scaling standard(final double[] values, final int[] rows) {
    final double[] shift = new double[1];
    final double[] scale = new double[1];
    final double[] column = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      column[i] = values[rows[i]];
    }
    standard(column, shift, scale, 0);
    return new Scaling(shift, scale);
  }

  /** Two passes over values brought to at most 1, so that no sum overflows and no digits cancel. */
  private static void standard(
      final double[] values, final double[] shift, final double[] scale, final int c) {
    double largest = 0;
    for (final double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    final double unit = largest == 0 ? 1 : largest;
    double sum = 0;
    for (final double value : values) {
      sum += value / unit;
    }
    final double mean = sum / values.length;
    double squares = 0;
    for (final double value : values) {
      squares += (value / unit - mean) * (value / unit - mean);
    }
    final double deviation = Math.sqrt(squares / values.length);
    // A rounding error of the mean is no deviation.
    final boolean constant = deviation <= 1e-12 || !Double.isFinite(1 / (deviation * unit));
    shift[c] = mean * unit;
    scale[c] = constant ? 1 : 1 / (deviation * unit);
  }

  /** The scaled value of a column. */
  public float apply(final int column, final double value) {
    final int i = shift.length == 1 ? 0 : column;
    return (float) ((value - shift[i]) * scale[i]);
  }

  /** The value that {@link #apply} made {@code scaled} from. */
  public double invert(final int column, final double scaled) {
    final int i = shift.length == 1 ? 0 : column;
    return scaled / scale[i] + shift[i];
  }

  /**
   * Requires numbers for that many columns.
   *
   * @throws GradusException where there are others.
   */
  public void requireWidth(final int width) {
    if (shift.length != 1 && shift.length != width) {
      throw GradusException.mismatch("columns of a scaling", "1 or " + width, shift.length);
    }
  }

  @Override
  public boolean equals(final Object other) {
    return other instanceof Scaling that
        && Arrays.equals(shift, that.shift)
        && Arrays.equals(scale, that.scale);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shift) + Arrays.hashCode(scale);
  }

  @Override
  public String toString() {
    return "Scaling[shift=" + Arrays.toString(shift) + ", scale=" + Arrays.toString(scale) + "]";
  }
}
