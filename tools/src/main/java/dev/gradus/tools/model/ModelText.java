package dev.gradus.tools.model;

import dev.gradus.data.TableEncoder;
import dev.gradus.kernel.Activation;
import dev.gradus.loss.Loss;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Layers;
import dev.gradus.nn.Network;
import dev.gradus.nn.Presets;
import dev.gradus.nn.TableNetworks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A model as a user writes it: sizes of a multilayer perceptron, {@code 784-256-10}; a preset whose
 * first and last size the data decide; or layers, {@code dense(256,relu) dense(out)}, where {@code
 * out} stands for what the data ask for, {@code height} and {@code width} for those of images, and
 * {@code input(...)} may be left out. Of an encoded table {@code numbers} and {@code categories}
 * stand for the numbers of such columns, {@code sizes} for how many codes each column of categories
 * has: {@code columns(numbers,categories) categorical(8,sizes)}.
 */
public final class ModelText {
  private static final Map<String, int[]> PRESETS = new LinkedHashMap<>();
  private static final Map<String, String> IMAGE_PRESETS = Presets.ofImages();
  private static final List<String> TABLE_PRESETS = List.of("wide-deep", "deepfm");
  private static final int EMBEDDING_FEATURES = 8;
  private static final int[] TABLE_HIDDEN = {128, 64};
  private static final String OUT = "\\bout\\b";
  private static final String AUTOENCODER = "autoencoder";
  private static final Pattern CODES = Pattern.compile("\\b(categorical|sizes)\\b");

  static {
    PRESETS.put("linear", new int[0]);
    PRESETS.put("mlp-small", new int[] {128});
    PRESETS.put("mlp", new int[] {256});
    PRESETS.put("mlp-deep", new int[] {256, 128, 64});
    PRESETS.put("mlp-wide", new int[] {1024, 1024});
  }

  private final String layers;
  private final int inputs;
  private final int[] hidden;
  private final int outputs;

  private ModelText(final String layers, final int inputs, final int[] hidden, final int outputs) {
    this.layers = layers;
    this.inputs = inputs;
    this.hidden = hidden;
    this.outputs = outputs;
  }

  /** Presets for tables with categories: see {@link TableNetworks}. */
  public static List<String> tablePresets() {
    return TABLE_PRESETS;
  }

  /** Presets for all data by name, with the units of their hidden layers. */
  public static Map<String, int[]> presets() {
    return Collections.unmodifiableMap(PRESETS);
  }

  /**
   * Reads sizes, the name of a preset, or layers.
   *
   * @throws GradusException where the text is none of them.
   */
  public static ModelText parse(final String text) {
    if (text.indexOf('(') >= 0) {
      return layers(text.strip());
    }
    if (IMAGE_PRESETS.containsKey(text)) {
      return layers(IMAGE_PRESETS.get(text));
    }
    if (TABLE_PRESETS.contains(text)) {
      return new ModelText(text, 0, TABLE_HIDDEN, 0);
    }
    final int[] preset = PRESETS.get(text);
    if (preset != null) {
      return new ModelText("", 0, preset.clone(), 0);
    }
    if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      throw Names.unknown("model", text, names());
    }
    final String[] parts = text.split("-", -1);
    final int[] sizes = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      sizes[i] = parts[i].matches("[0-9]{1,9}") ? Integer.parseInt(parts[i]) : 0;
    }
    for (final int size : sizes) {
      if (size < 1 || sizes.length < 2) {
        throw GradusException.mismatch(
            "model",
            "sizes of 1 or more such as 784-256-10, layers such as dense(256,relu) dense(out), or"
                + " one of "
                + names(),
            text);
      }
    }
    final int[] hidden = new int[sizes.length - 2];
    System.arraycopy(sizes, 1, hidden, 0, hidden.length);
    return new ModelText("", sizes[0], hidden, sizes[sizes.length - 1]);
  }

  private static Set<String> names() {
    final Set<String> names = new LinkedHashSet<>(PRESETS.keySet());
    names.addAll(IMAGE_PRESETS.keySet());
    names.addAll(TABLE_PRESETS);
    return names;
  }

  /** Names of layers are checked here, what is between their parentheses when data are there. */
  private static ModelText layers(final String text) {
    final int end = text.indexOf('(');
    final String first = text.substring(0, end).strip();
    if (!first.equals("input") && !Layers.names().contains(first)) {
      throw Names.unknown("layer", first, Layers.names());
    }
    return new ModelText(text, 0, new int[0], 0);
  }

  /** Whether the model learns to give its input again. */
  public boolean reconstructs() {
    return layers.equals(IMAGE_PRESETS.get(AUTOENCODER));
  }

  /**
   * The loss to train with.
   *
   * @param name as a user writes it, or null for the usual one.
   * @throws GradusException where there is none of that name or it doesn't fit the model.
   */
  public Loss loss(final String name) {
    final String usual = reconstructs() ? "mse" : "cross-entropy";
    final Loss loss = DataLosses.byName(name == null ? usual : name);
    if (reconstructs() && !DataLosses.areNumbers(loss)) {
      throw GradusException.mismatch(
          "loss of an autoencoder", "one of numbers such as mse", loss.name());
    }
    return loss;
  }

  /** Whether the model learns embeddings of categories, and so wants their codes. */
  public boolean usesCodes() {
    return isTablePreset() || CODES.matcher(layers).find();
  }

  private boolean isTablePreset() {
    return TABLE_PRESETS.contains(layers);
  }

  /**
   * Units of the last layer; 0 where the data decide.
   *
   * @param row shape of a batch of features.
   */
  public int outputs(final Shape row) {
    if (layers.isEmpty()) {
      return outputs;
    }
    if (isTablePreset()) {
      return 0;
    }
    return layers.equals(layers.replaceAll(OUT, ""))
        ? parsed(row, null, 0).output().shape().last()
        : 0;
  }

  /**
   * The network for data of such features and targets.
   *
   * @param row shape of a batch of features: {@code [N,8]} of a table, {@code [N,1,28,28]} of
   *     images.
   * @param encoder of the features.
   * @param activation of the hidden layers of sizes and presets.
   * @throws GradusException where sizes given are others, or layers don't fit one another.
   */
  public Network network(
      final Shape row, final TableEncoder encoder, final int targets, final Activation activation) {
    final int features = Math.toIntExact(row.rowElements());
    final Network network;
    if (isTablePreset()) {
      network = ofTable(encoder, targets, activation);
    } else if (layers.isEmpty()) {
      network = Network.mlp(activation, sizes(features, targets));
    } else {
      network = parsed(row, encoder, targets);
    }
    if (network.input().rowElements() != features) {
      throw GradusException.mismatch(
          "input of the model", features + ", the features of the data", network.input());
    }
    final Shape output = network.output().shape();
    if (output.rank() != 2 || output.last() != targets) {
      throw GradusException.mismatch(
          "output of the model",
          Shape.batched(targets) + ", the targets of the data (out stands for their number)",
          output);
    }
    return network;
  }

  private Network ofTable(
      final TableEncoder encoder, final int targets, final Activation activation) {
    if (encoder.sizes().isEmpty()) {
      throw GradusException.mismatch(
          "columns of categories for " + layers, "1 or more (--categorical)", 0);
    }
    final TableNetworks networks = new TableNetworks(encoder.numbers(), encoder.sizes());
    return layers.equals("deepfm")
        ? networks.deepFm(targets, EMBEDDING_FEATURES, activation, hidden)
        : networks.wideDeep(targets, EMBEDDING_FEATURES, activation, hidden);
  }

  private Network parsed(final Shape row, final TableEncoder encoder, final int targets) {
    final String complete = completed(Presets.sized(layers, row, targets), encoder);
    if (complete.startsWith("input")) {
      return Network.parse(complete);
    }
    final Shape input =
        complete.startsWith("dense") ? Shape.batched(Math.toIntExact(row.rowElements())) : row;
    return Presets.network(complete, input, DType.FLOAT32);
  }

  private static String completed(final String layers, final TableEncoder encoder) {
    if (encoder == null) {
      return layers;
    }
    final List<Integer> sizes = encoder.sizes();
    return layers
        .replaceAll("\\bnumbers\\b", Integer.toString(encoder.numbers()))
        .replaceAll("\\bcategories\\b", Integer.toString(sizes.size()))
        .replaceAll(
            "\\bsizes\\b", sizes.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  private int[] sizes(final int features, final int targets) {
    if (inputs != 0 && inputs != features) {
      throw GradusException.mismatch(
          "first size of the model", features + ", the features of the data", inputs);
    }
    if (outputs != 0 && outputs != targets) {
      throw GradusException.mismatch(
          "last size of the model", targets + ", the targets of the data", outputs);
    }
    final int[] sizes = new int[hidden.length + 2];
    sizes[0] = features;
    System.arraycopy(hidden, 0, sizes, 1, hidden.length);
    sizes[sizes.length - 1] = targets;
    return sizes;
  }
}
