package dev.gradus.tools.gan;

import dev.gradus.data.Scaling;
import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.tools.data.Features;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.model.ModelCard;
import dev.gradus.tools.scoring.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What a classifier, trained on real images, sees in generated ones: it is sure of readable images,
 * and a class it never sees is one that the generator leaves out.
 *
 * @param confidence the mean of the largest probability of each image.
 * @param classes their names.
 * @param counts images taken for each class.
 */
public record ClassifierView(double confidence, List<String> classes, List<Integer> counts) {
  private static final double PRESENT = 0.02; // of all images

  public ClassifierView {
    classes = List.copyOf(classes);
    counts = List.copyOf(counts);
  }

  /**
   * Asks a classifier.
   *
   * @param images pixels from 0 to 1, (images, pixels).
   * @param scaling how the pixels of raw data become those of such images.
   * @throws GradusException where it takes other images or is none.
   */
  public static ClassifierView of(
      final Engine engine, final ModelFile model, final float[][] images, final Scaling scaling) {
    requireClasses(model, images[0].length);
    final ModelCard card = ModelCard.of(model);
    final Predictions seen = Predictions.of(engine, model, card, samples(images, scaling));
    final List<Integer> counts = new ArrayList<>(Collections.nCopies(card.classes().size(), 0));
    for (final int label : seen.classes()) {
      counts.set(label, counts.get(label) + 1);
    }
    final double confidence = Arrays.stream(seen.values()).average().orElseThrow();
    return new ClassifierView(confidence, card.classes().names(), counts);
  }

  /**
   * Requires a classifier of images.
   *
   * @throws GradusException where it takes others or is none.
   */
  public static void requireClasses(final ModelFile model, final int pixels) {
    final ModelCard card = ModelCard.of(model);
    if (card.isRegression() || card.encoder().numbers() != pixels) {
      throw GradusException.mismatch(
          "classifier", "classes of " + pixels + " pixels", model.network().describe());
    }
  }

  private static Samples samples(final float[][] images, final Scaling scaling) {
    final List<double[]> rows = new ArrayList<>(images.length);
    for (final float[] image : images) {
      final double[] row = new double[image.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = scaling.invert(i, image[i]);
      }
      rows.add(row);
    }
    final List<List<String>> numbers = Collections.nCopies(images[0].length, null);
    final Features features = new Features.Columns(rows, numbers, List.of());
    return new Samples("generated images", features, List.of(), false, "", -1);
  }

  private double share(final int label) {
    int sum = 0;
    for (final int count : counts) {
      sum += count;
    }
    return (double) counts.get(label) / sum;
  }

  /** Classes that 2 % of the images or more are taken for. */
  public int present() {
    int present = 0;
    for (int label = 0; label < counts.size(); label++) {
      present += share(label) >= PRESENT ? 1 : 0;
    }
    return present;
  }

  /** {@code -sum(p * ln(p))} of the classes' shares: ln(classes) where all are as frequent. */
  public double entropy() {
    double entropy = 0;
    for (int label = 0; label < counts.size(); label++) {
      final double share = share(label);
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return entropy;
  }

  /** Whether half of the classes are missing or more. */
  public boolean collapsed() {
    return 2 * present() <= classes.size();
  }

  @Override
  public String toString() {
    final StringBuilder text = new StringBuilder();
    for (int label = 0; label < counts.size(); label++) {
      text.append(label == 0 ? "" : ", ").append(classes.get(label)).append(": ");
      text.append(counts.get(label));
    }
    return String.format(
        Locale.ROOT,
        "mean largest probability %.4f; %s%d of %d classes with 2 %% of the images or more, entropy"
            + " %.2f of %.2f (%s)",
        confidence,
        collapsed() ? "collapsed: " : "",
        present(),
        classes.size(),
        entropy(),
        Math.log(classes.size()),
        text);
  }
}
