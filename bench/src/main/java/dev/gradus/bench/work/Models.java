package dev.gradus.bench.work;

import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Names;
import dev.gradus.nn.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The networks that are trained and predicted with, by name, each with its loss. */
public final class Models {
  /** With as many rows, a step of the network {@code square-} of a width has 10 width^3 FLOPs. */
  private static final List<Integer> GROWING = List.of(46, 100, 215, 464, 1000, 2154);

  private static final Map<String, Entry> TABLE = new LinkedHashMap<>();

  static {
    put("mlp", "input(784) dense(256,relu) dense(10)", "cross-entropy");
    put("tiny", "input(32) dense(64,relu) dense(64,relu) dense(1)", "mse");
    put("wide", "input(784) dense(1024,relu) dense(1024,relu) dense(10)", "cross-entropy");
    put(
        "cnn",
        "input(1,28,28) conv2d(32,3,relu) max_pool2d(2) conv2d(64,3,relu) max_pool2d(2) flatten()"
            + " dense(128,relu) dense(10)",
        "cross-entropy");
    for (final int width : GROWING) {
      put(
          "square-" + width,
          "input(%d) dense(%d,relu) dense(%d)".formatted(width, width, width),
          "mse");
    }
    put("lstm", "input(64,32) lstm(128,last) dense(10)", "cross-entropy");
  }

  private Models() {}

  /** A network and what it is trained with. */
  public record Entry(Network network, Loss loss) {}

  private static void put(final String name, final String network, final String loss) {
    TABLE.put(name, new Entry(Network.parse(network), Losses.byName(loss)));
  }

  /** Widths of the networks {@code square-}, whose steps have from 10^6 to 10^11 FLOPs. */
  public static List<Integer> growing() {
    return GROWING;
  }

  public static Set<String> names() {
    return TABLE.keySet();
  }

  /**
   * The model of that name.
   *
   * @throws dev.gradus.memory.GradusException where there is none.
   */
  public static Entry byName(final String name) {
    final Entry entry = TABLE.get(name);
    if (entry == null) {
      throw Names.unknown("model", name, TABLE.keySet());
    }
    return entry;
  }
}
