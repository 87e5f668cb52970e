package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import java.util.Arrays;

/**
 * Scores of a classifier, gathered batch by batch; gathering allocates nothing. Figures of no rows
 * are NaN; precision, recall and F1 of a class that was never predicted, or never there, are 0.
 */
public final class ClassMetrics {
  /** Bins of the calibration error, equally wide. */
  private static final int BINS = 15;

  /** Keeps the logarithm of a probability of 0 finite, as scikit-learn does in double precision. */
  private static final double LEAST_PROBABILITY = 0x1p-52;

  private final int classes;
  private final int top;
  private final boolean logits;
  private final long[][] confusion;
  private final double[] probabilities;
  private final double[] binConfidence = new double[BINS];
  private final long[] binRows = new long[BINS];
  private final long[] binRight = new long[BINS];
  private final long[] ranked;
  private long rows;
  private long inTop;
  private double logLoss;

  /**
   * Starts without rows.
   *
   * @param classes 2 or more.
   * @param top the k of {@link #topAccuracy}, 1 up to the classes.
   * @param logits whether outputs are logits, else probabilities.
   * @param capacity most rows of two classes, whose scores are all kept for an exact {@link #auc};
   *     of no meaning where there are more classes.
   */
  public ClassMetrics(final int classes, final int top, final boolean logits, final int capacity) {
    if (classes < 2) {
      throw GradusException.outOfRange("classes of metrics", "2 or more", classes);
    }
    if (top < 1 || top > classes) {
      throw GradusException.outOfRange("k of top-k accuracy", "1 to " + classes, top);
    }
    if (capacity < 0) {
      throw GradusException.outOfRange("rows of metrics", "0 or more", capacity);
    }
    this.classes = classes;
    this.top = top;
    this.logits = logits;
    this.confusion = new long[classes][classes];
    this.probabilities = new double[classes];
    this.ranked = new long[classes == 2 ? capacity : 0];
  }

  /**
   * Adds the first rows of a batch.
   *
   * @param output (capacity, classes).
   * @param target int32 labels (capacity).
   * @throws GradusException where a label is none of the classes or there are more rows of two
   *     classes than were announced; nothing has been added then.
   */
  public void add(final Tensor output, final Tensor target, final int count) {
    if (output.shape().last() != classes) {
      throw GradusException.mismatch("classes of metrics", classes, output.shape());
    }
    if (classes == 2 && rows + count > ranked.length) {
      throw GradusException.outOfRange(
          "rows of metrics of two classes", "at most " + ranked.length, rows + count);
    }
    for (int row = 0; row < count; row++) {
      final int label = target.getInt(row);
      if (label < 0 || label >= classes) {
        throw GradusException.outOfRange("label " + row, "0 to " + (classes - 1), label);
      }
    }
    for (int row = 0; row < count; row++) {
      addRow(output, row, target.getInt(row));
    }
  }

  private void addRow(final Tensor output, final int row, final int label) {
    double largest = Double.NEGATIVE_INFINITY;
    int predicted = 0;
    int above = 0;
    for (int c = 0; c < classes; c++) {
      final double score = output.get((long) row * classes + c);
      final double atLabel = output.get((long) row * classes + label);
      above += score > atLabel || (score == atLabel && c < label) ? 1 : 0;
      if (score > largest) {
        largest = score;
        predicted = c;
      }
      probabilities[c] = score;
    }
    if (logits) {
      softmax(largest);
    }
    confusion[label][predicted]++;
    inTop += above < top ? 1 : 0;
    logLoss -= Math.log(Math.max(probabilities[label], LEAST_PROBABILITY));
    final double confidence = probabilities[predicted];
    // Bins (low, high], as in the paper.
    final int bin = Math.clamp((int) Math.ceil(confidence * BINS) - 1, 0, BINS - 1);
    binRows[bin]++;
    binConfidence[bin] += confidence;
    binRight[bin] += predicted == label ? 1 : 0;
    if (classes == 2) {
      // Scores are not below 0, so their bits sort as they do; the label is the lowest bit. The
      // logits' difference would rank alike but for probabilities that round to the same.
      final int bits = Float.floatToIntBits((float) probabilities[1]);
      ranked[(int) rows] = ((long) bits << 1) | label;
    }
    rows++;
  }

  private void softmax(final double largest) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      probabilities[c] = Math.exp(probabilities[c] - largest);
      sum += probabilities[c];
    }
    for (int c = 0; c < classes; c++) {
      probabilities[c] /= sum;
    }
  }

  public long rows() {
    return rows;
  }

  /** Rows of a class that were taken for another, or the same. */
  public long confusion(final int label, final int predicted) {
    return confusion[label][predicted];
  }

  /** The share of rows whose class has the largest output. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < classes; c++) {
      right += confusion[c][c];
    }
    return (double) right / rows;
  }

  /** The share of rows whose class is among the k largest outputs; of equal ones the first win. */
  public double topAccuracy() {
    return (double) inTop / rows;
  }

  /** Of the rows taken for a class, the share that are of it. */
  public double precision(final int c) {
    long taken = 0;
    for (int label = 0; label < classes; label++) {
      taken += confusion[label][c];
    }
    return taken == 0 ? 0 : (double) confusion[c][c] / taken;
  }

  /** Of the rows of a class, the share taken for it. */
  public double recall(final int c) {
    final long there = Arrays.stream(confusion[c]).sum();
    return there == 0 ? 0 : (double) confusion[c][c] / there;
  }

  /** {@code 2 * precision * recall / (precision + recall)}. */
  public double f1(final int c) {
    final double sum = precision(c) + recall(c);
    return sum == 0 ? 0 : 2 * precision(c) * recall(c) / sum;
  }

  /** The mean of {@link #f1} over the classes. */
  public double macroF1() {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += f1(c);
    }
    return rows == 0 ? Double.NaN : sum / classes;
  }

  /** {@code mean(-log p(class))}; probabilities below 2^-52 count as that. */
  public double logLoss() {
    return logLoss / rows;
  }

  /**
   * Expected calibration error: the mean, weighted by rows, of {@code |accuracy - confidence|} in
   * 15 equally wide bins of the largest probability.
   *
   * <p>Source: Guo et al. 2017.
   */
  public double calibrationError() {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(binRight[bin] - binConfidence[bin]);
    }
    return sum / rows;
  }

  /**
   * The area under the ROC curve of the second of two classes, exact: the share of pairs of a row
   * of each class in which the second's has the larger score, equal ones counted half. NaN where
   * there are more than two classes or one of them has no rows. Sorts; allocates.
   */
  public double auc() {
    if (classes != 2) {
      return Double.NaN;
    }
    final long[] sorted = Arrays.copyOf(ranked, (int) rows);
    Arrays.sort(sorted);
    double pairs = 0;
    long negatives = 0;
    int i = 0;
    while (i < sorted.length) {
      long tiedPositives = 0;
      final int from = i;
      while (i < sorted.length && sorted[i] >> 1 == sorted[from] >> 1) {
        tiedPositives += sorted[i] & 1;
        i++;
      }
      final long tiedNegatives = i - from - tiedPositives;
      pairs += tiedPositives * (negatives + 0.5 * tiedNegatives);
      negatives += tiedNegatives;
    }
    return pairs / ((double) negatives * (rows - negatives));
  }
}
