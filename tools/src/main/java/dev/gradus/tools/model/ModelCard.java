package dev.gradus.tools.model;

import dev.gradus.data.Scaling;
import dev.gradus.data.TableEncoder;
import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import dev.gradus.tools.data.Classes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model's file says beside the network and its weights: enough to use it on raw data.
 *
 * @param dataset what it was trained with.
 * @param loss as {@link DataLosses} reads it.
 * @param features names of the inputs; none where the data had none.
 * @param encoder of the inputs.
 * @param classes by output; null for regression.
 * @param target name of the targets' column; empty where it had none.
 * @param targetColumn where it stood, from 0; -1 where that is unknown.
 * @param targetScaling of the output, for regression; else null.
 * @param reconstructs whether the output is the encoded input again, as an autoencoder's is.
 */
public record ModelCard(
    String dataset,
    String loss,
    List<String> features,
    TableEncoder encoder,
    Classes classes,
    String target,
    int targetColumn,
    Scaling targetScaling,
    boolean reconstructs) {
  private static final String DATASET = "gradus.dataset";
  private static final String LOSS = "gradus.loss";
  private static final String FEATURES = "gradus.features";
  private static final String SHIFT = "gradus.features.shift";
  private static final String SCALE = "gradus.features.scale";
  private static final String ENCODER = "gradus.features.encoder";
  private static final String CLASSES = "gradus.classes";
  private static final String TARGET = "gradus.target";
  private static final String TARGET_COLUMN = "gradus.target.column";
  private static final String TARGET_SHIFT = "gradus.target.shift";
  private static final String TARGET_SCALE = "gradus.target.scale";
  private static final String RECONSTRUCTS = "gradus.reconstructs";

  public ModelCard {
    features = List.copyOf(features);
  }

  /** Whether outputs are numbers. */
  public boolean isRegression() {
    return classes == null;
  }

  /** Which of the features are categories. */
  public boolean[] categorical() {
    final boolean[] categorical = new boolean[encoder.columns()];
    for (int c = 0; c < categorical.length; c++) {
      categorical[c] = encoder.categories(c) != null;
    }
    return categorical;
  }

  /** The card as a model file's metadata. */
  public Map<String, String> toMetadata() {
    final Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(DATASET, dataset);
    metadata.put(LOSS, loss);
    if (!features.isEmpty()) {
      metadata.put(FEATURES, JsonLists.ofTexts(features));
    }
    if (encoder.numbers() == encoder.columns()) {
      metadata.put(SHIFT, JsonLists.ofNumbers(encoder.scaling().shift()));
      metadata.put(SCALE, JsonLists.ofNumbers(encoder.scaling().scale()));
    } else {
      metadata.put(ENCODER, encoder.describe());
    }
    if (classes != null) {
      metadata.put(CLASSES, JsonLists.ofTexts(classes.names()));
    }
    if (!target.isEmpty()) {
      metadata.put(TARGET, target);
    }
    if (targetColumn >= 0) {
      metadata.put(TARGET_COLUMN, Integer.toString(targetColumn));
    }
    if (targetScaling != null) {
      metadata.put(TARGET_SHIFT, JsonLists.ofNumbers(targetScaling.shift()));
      metadata.put(TARGET_SCALE, JsonLists.ofNumbers(targetScaling.scale()));
    }
    if (reconstructs) {
      metadata.put(RECONSTRUCTS, "true");
    }
    return metadata;
  }

  /**
   * The card of a model. One that another program wrote may lack it: its inputs are then taken as
   * they are, its outputs as classes 0, 1, ..., or as one number.
   *
   * @throws GradusException where the card and the network don't fit each other.
   */
  public static ModelCard of(final ModelFile model) {
    final Map<String, String> metadata = model.metadata();
    final TensorType output = model.network().output();
    final int outputs = output.shape().last();
    final int inputs = Math.toIntExact(model.network().input().rowElements());
    final String loss = metadata.getOrDefault(LOSS, outputs == 1 ? "mse" : "cross-entropy");
    final boolean regression = DataLosses.areNumbers(DataLosses.byName(loss));
    final ModelCard card =
        new ModelCard(
            metadata.getOrDefault(DATASET, "unknown"),
            loss,
            metadata.containsKey(FEATURES) ? JsonLists.texts(metadata.get(FEATURES)) : List.of(),
            encoder(metadata, inputs),
            regression ? null : classes(metadata.get(CLASSES), outputs),
            metadata.getOrDefault(TARGET, ""),
            column(metadata.getOrDefault(TARGET_COLUMN, "-1")),
            regression ? scaling(metadata, TARGET_SHIFT, TARGET_SCALE) : null,
            regression && Boolean.parseBoolean(metadata.get(RECONSTRUCTS)));
    card.requireFits(inputs, outputs);
    return card;
  }

  private void requireFits(final int inputs, final int outputs) {
    if (encoder.width() != inputs) {
      throw GradusException.mismatch("encoded features of the model", inputs, encoder.width());
    }
    if (!features.isEmpty() && features.size() != encoder.columns()) {
      throw GradusException.mismatch(
          "names of features in the model", encoder.columns(), features.size());
    }
    final int numbers = reconstructs ? inputs : 1;
    final int expected = classes == null ? numbers : classes.size();
    if (outputs != expected) {
      throw GradusException.mismatch("outputs of the model", expected, outputs);
    }
  }

  private static TableEncoder encoder(final Map<String, String> metadata, final int inputs) {
    return metadata.containsKey(ENCODER)
        ? TableEncoder.parse(metadata.get(ENCODER))
        : TableEncoder.ofNumbers(inputs, scaling(metadata, SHIFT, SCALE));
  }

  private static Scaling scaling(
      final Map<String, String> metadata, final String shift, final String scale) {
    return metadata.containsKey(shift) && metadata.containsKey(scale)
        ? new Scaling(
            JsonLists.numbers(metadata.get(shift)), JsonLists.numbers(metadata.get(scale)))
        : Scaling.none();
  }

  private static Classes classes(final String names, final int outputs) {
    return names == null ? Classes.numbered(outputs) : new Classes(JsonLists.texts(names));
  }

  private static int column(final String text) {
    if (!text.matches("-1|[0-9]{1,9}")) {
      throw GradusException.mismatch("target column of the model", "a number", text);
    }
    return Integer.parseInt(text);
  }
}
