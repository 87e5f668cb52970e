package dev.gradus.nn;

import dev.gradus.kernel.Cell;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The table of layers by the name their text begins with. */
public final class Layers {
  private static final Map<String, Function<List<String>, Layer>> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put("dense", Layers::dense);
    TABLE.put("softmax", arguments -> requireNone("softmax", arguments, new SoftmaxLayer()));
    TABLE.put(
        "log_softmax", arguments -> requireNone("log_softmax", arguments, new LogSoftmaxLayer()));
    TABLE.put("flatten", arguments -> requireNone("flatten", arguments, new Flatten()));
    TABLE.put("conv2d", Conv2d::parse);
    TABLE.put("conv1d", Conv1d::parse);
    TABLE.put("conv_transpose2d", ConvTranspose2d::parse);
    TABLE.put("max_pool2d", arguments -> Pool.parse(2, false, arguments));
    TABLE.put("avg_pool2d", arguments -> Pool.parse(2, true, arguments));
    TABLE.put("max_pool1d", arguments -> Pool.parse(1, false, arguments));
    TABLE.put("avg_pool1d", arguments -> Pool.parse(1, true, arguments));
    TABLE.put(
        "global_avg_pool",
        arguments -> requireNone("global_avg_pool", arguments, GlobalPool.avg()));
    TABLE.put(
        "global_max_pool",
        arguments -> requireNone("global_max_pool", arguments, GlobalPool.max()));
    TABLE.put("embedding", Embedding::parse);
    TABLE.put("batch_norm", BatchNorm::parse);
    TABLE.put("layer_norm", arguments -> LayerNorm.parse(true, arguments));
    TABLE.put("rms_norm", arguments -> LayerNorm.parse(false, arguments));
    TABLE.put("group_norm", GroupNorm::parse);
    TABLE.put("dropout", arguments -> Dropout.parse(false, arguments));
    TABLE.put("spatial_dropout", arguments -> Dropout.parse(true, arguments));
    TABLE.put("frozen", arguments -> new Frozen(only("frozen", arguments)));
    TABLE.put("attention", MultiHeadAttention::parse);
    TABLE.put("embedding_bag", EmbeddingBag::parse);
    TABLE.put("categorical", Categorical::parse);
    TABLE.put("columns", Columns::parse);
    TABLE.put(
        "factorization_machine",
        arguments -> requireNone("factorization_machine", arguments, new FactorizationMachine()));
    TABLE.put("column_sum", arguments -> requireNone("column_sum", arguments, new ColumnSum()));
    TABLE.put("positions", arguments -> requireNone("positions", arguments, new Positions()));
    TABLE.put("prelu", Prelu::parse);
    TABLE.put("reshape", ReshapeLayer::parse);
    TABLE.put("permute", PermuteLayer::parse);
    TABLE.put("residual", Branches::parseResidual);
    TABLE.put("sum", arguments -> Branches.parse(Branches.Join.SUM, arguments));
    TABLE.put("concat", arguments -> Branches.parse(Branches.Join.CONCAT, arguments));
    for (final Cell cell : Cell.values()) {
      TABLE.put(cell.label(), arguments -> Recurrent.parse(cell, arguments));
    }
    for (final String name : Activations.names()) {
      TABLE.put(name, arguments -> new ActivationLayer(Activations.of(name, arguments)));
    }
  }

  private Layers() {}

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The layer a text describes.
   *
   * @param name for example {@code dense}.
   * @param arguments what stood between its parentheses.
   * @throws GradusException where there is no such layer or the arguments don't fit it.
   */
  static Layer parse(final String name, final List<String> arguments) {
    final Function<List<String>, Layer> make = TABLE.get(name);
    if (make == null) {
      throw Names.unknown("layer", name, TABLE.keySet());
    }
    return make.apply(arguments);
  }

  /**
   * The layer that is the only argument of another.
   *
   * @throws GradusException where it is not.
   */
  static Layer only(final String name, final List<String> arguments) {
    final boolean part = arguments.size() == 1 && arguments.get(0).contains("(");
    final List<Layer> layers = part ? NetworkText.layers(arguments.get(0)) : List.of();
    if (layers.size() != 1) {
      throw GradusException.mismatch("arguments of " + name, "a layer", arguments);
    }
    return layers.get(0);
  }

  static int number(final String what, final String text) {
    try {
      return Integer.parseInt(text);
    } catch (final NumberFormatException e) {
      throw new GradusException(
          what + " mismatch: expected=a whole number, actual=\"" + text + "\"", e);
    }
  }

  static double decimal(final String what, final String text) {
    try {
      return Double.parseDouble(text);
    } catch (final NumberFormatException e) {
      throw new GradusException(what + " mismatch: expected=a number, actual=\"" + text + "\"", e);
    }
  }

  private static Layer dense(final List<String> arguments) {
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw GradusException.mismatch("arguments of dense", "units[,activation]", arguments);
    }
    final int units = number("units of dense", arguments.get(0));
    return arguments.size() == 1
        ? new Dense(units)
        : new Dense(units, Activations.byName(arguments.get(1)));
  }

  private static Layer requireNone(
      final String name, final List<String> arguments, final Layer layer) {
    if (!arguments.isEmpty()) {
      throw GradusException.mismatch("arguments of " + name, "none", arguments);
    }
    return layer;
  }
}
