package dev.gradus.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Brings values to a range that trains well: {@code (x - shift) * scale}. */
public final class Scaling {
  private final double[] shift;
  private final double[] scale;

  /** How a scaling is fitted to values. */
  public enum Kind {
    /** To mean 0 and deviation 1. */
    STANDARD,
    /** To 0 up to 1. */
    MINMAX,
    /** Not at all. */
    NONE;

    /**
     * By name.
     *
     * @throws GradusException where there is no such name.
     */
    public static Kind byName(final String name) {
      final List<String> names = new ArrayList<>();
      for (final Kind kind : values()) {
        names.add(kind.name().toLowerCase(Locale.ROOT));
        if (names.get(names.size() - 1).equals(name)) {
          return kind;
        }
      }
      throw Names.unknown("scaling", name, names);
    }
  }

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

  double shift(final int column) {
    return shift[shift.length == 1 ? 0 : column];
  }

  double scale(final int column) {
    return scale[scale.length == 1 ? 0 : column];
  }

  /** Leaves values as they are. */
  public static Scaling none() {
    return uniform(1);
  }

  /** From 0 up to a largest value to 0 up to 1, all columns alike. */
  public static Scaling uniform(final double largest) {
    return new Scaling(new double[] {0}, new double[] {1 / largest});
  }

  /**
   * Fits a scaling to some rows of a table's columns of numbers; a column that is constant there is
   * only shifted.
   */
  public static Scaling fit(final Kind kind, final Table table, final int[] rows) {
    final List<Double> shifts = new ArrayList<>();
    final List<Double> scales = new ArrayList<>();
    final double[] values = new double[rows.length];
    for (int c = 0; c < table.columns(); c++) {
      if (table.texts(c) == null) {
        for (int i = 0; i < rows.length; i++) {
          values[i] = table.get(rows[i], c);
        }
        final Scaling column = fit(kind, values);
        shifts.add(column.shift[0]);
        scales.add(column.scale[0]);
      }
    }
    return of(shifts, scales);
  }

  /** One for each column; as {@link #none} where there are no columns. */
  static Scaling of(final List<Double> shifts, final List<Double> scales) {
    return shifts.isEmpty()
        ? none()
        : new Scaling(
            shifts.stream().mapToDouble(Double::doubleValue).toArray(),
            scales.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Fits a scaling to values of one column, 1 or more. */
  public static Scaling fit(final Kind kind, final double[] values) {
    if (values.length == 0) {
      throw GradusException.mismatch("rows to fit a scaling to", "1 or more", 0);
    }
    return switch (kind) {
      case STANDARD -> standard(values);
      case MINMAX -> minMax(values);
      case NONE -> none();
    };
  }

  /** Two passes over values brought to at most 1, so that no sum overflows and no digits cancel. */
  private static Scaling standard(final double[] values) {
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
    return one(mean * unit, constant ? 1 : 1 / (deviation * unit));
  }

  /** Halves, as the whole range of values may be beyond what a double holds. */
  private static Scaling minMax(final double[] values) {
    double least = values[0];
    double largest = values[0];
    for (final double value : values) {
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    final double scale = 0.5 / (largest / 2 - least / 2);
    return one(least, Double.isFinite(scale) ? scale : 1);
  }

  private static Scaling one(final double shift, final double scale) {
    return new Scaling(new double[] {shift}, new double[] {scale});
  }

  /** The scaled value of a column. */
  public float apply(final int column, final double value) {
    return (float) ((value - shift(column)) * scale(column));
  }

  /** The value that {@link #apply} made {@code scaled} from. */
  public double invert(final int column, final double scaled) {
    return scaled / scale(column) + shift(column);
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
