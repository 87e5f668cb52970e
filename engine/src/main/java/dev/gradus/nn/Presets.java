package dev.gradus.nn;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.memory.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Networks ready to use, by name, each as the text of its layers. The words {@code out}, {@code
 * height} and {@code width} in it stand for what data decide. For tables with categories see {@link
 * TableNetworks}, for multilayer perceptrons {@link Network#mlp}.
 *
 * <table>
 *   <caption>Names, input and output</caption>
 *   <tr><td>lenet</td><td>images (N,channels,height,width) to classes</td></tr>
 *   <tr><td>vgg-small</td><td>the same, 3x3 convolutions in pairs</td></tr>
 *   <tr><td>resnet-small</td><td>the same, residual blocks with batch norm</td></tr>
 *   <tr><td>transformer</td><td>images (N,1,height,width), a row a step, to classes</td></tr>
 *   <tr><td>autoencoder</td><td>rows or images to as many numbers from 0 to 1, through 32</td></tr>
 *   <tr><td>char-lstm</td><td>characters (N,steps), int32, to the logits of the next ones; its
 *       state is carried from run to run</td></tr>
 * </table>
 *
 * <p>Source: LeCun et al. 1998 (LeNet-5); Simonyan and Zisserman 2014 (VGG); He et al. 2016
 * (residual networks); Vaswani et al. 2017 (transformer); Karpathy 2015 (char-lstm).
 */
public final class Presets {
  private static final String OUT = "\\bout\\b";
  private static final String HEIGHT = "\\bheight\\b";
  private static final String WIDTH = "\\bwidth\\b";
  private static final int IMAGE_RANK = 4;

  private static final String CHAR_LSTM = "char-lstm";
  private static final Map<String, String> IMAGES = new LinkedHashMap<>();
  private static final Map<String, String> ALL = new LinkedHashMap<>();

  static {
    IMAGES.put(
        "lenet",
        "conv2d(16,5,1,2,relu) max_pool2d(2) conv2d(32,5,relu) max_pool2d(2) flatten()"
            + " dense(128,relu) dense(out)");
    IMAGES.put(
        "vgg-small",
        "conv2d(32,3,1,1,relu) conv2d(32,3,1,1,relu) max_pool2d(2) conv2d(64,3,1,1,relu)"
            + " conv2d(64,3,1,1,relu) max_pool2d(2) flatten() dense(256,relu) dense(out)");
    IMAGES.put(
        "resnet-small",
        "conv2d(32,3,1,1) batch_norm() relu() max_pool2d(2)"
            + " residual(conv2d(32,3,1,1) batch_norm() relu() conv2d(32,3,1,1) batch_norm()) relu()"
            + " conv2d(64,3,2,1) batch_norm() relu()"
            + " residual(conv2d(64,3,1,1) batch_norm() relu() conv2d(64,3,1,1) batch_norm()) relu()"
            + " global_avg_pool() dense(out)");
    IMAGES.put(
        "transformer",
        "reshape(height,width) dense(64) positions()"
            + " residual(layer_norm() attention(4))"
            + " residual(layer_norm() dense(128,gelu) dense(64))"
            + " residual(layer_norm() attention(4))"
            + " residual(layer_norm() dense(128,gelu) dense(64))"
            + " layer_norm() flatten() dense(out)");
    IMAGES.put(
        "autoencoder",
        "flatten() dense(128,relu) dense(32,relu) dense(128,relu) dense(out,sigmoid)");
    ALL.putAll(IMAGES);
    ALL.put(CHAR_LSTM, "embedding(out,32) lstm(128,stateful) dense(out)");
  }

  private Presets() {}

  /** The layers of all presets by name. */
  public static Map<String, String> all() {
    return Collections.unmodifiableMap(ALL);
  }

  /** Those for images. */
  public static Map<String, String> ofImages() {
    return Collections.unmodifiableMap(IMAGES);
  }

  /**
   * A preset for data.
   *
   * @param input shape of a batch: {@code Shape.batched(1, 28, 28)}; of {@code char-lstm} {@code
   *     Shape.batched(steps)}.
   * @param outputs classes; of {@code autoencoder} the numbers of a row, of {@code char-lstm} how
   *     many characters there are.
   * @throws GradusException where there is no such preset or the input doesn't fit it.
   */
  public static Network byName(final String name, final Shape input, final int outputs) {
    final String layers = ALL.get(name);
    if (layers == null) {
      throw Names.unknown("preset", name, ALL.keySet());
    }
    final DType type = name.equals(CHAR_LSTM) ? DType.INT32 : DType.FLOAT32;
    return network(sized(layers, input, outputs), input, type);
  }

  /**
   * A network of layers as text.
   *
   * @param layers without {@code input(...)}.
   * @throws GradusException where the text is malformed or the layers don't fit one another.
   */
  public static Network network(final String layers, final Shape input, final DType type) {
    final String sizes =
        IntStream.range(1, input.rank())
            .mapToObj(axis -> Integer.toString(input.dim(axis)))
            .collect(Collectors.joining(","));
    final String kind = type == DType.INT32 ? "int," : "";
    return Network.parse("input(" + kind + sizes + ") " + layers);
  }

  /**
   * Layers with numbers in place of {@code out}, {@code height} and {@code width}.
   *
   * @throws GradusException where they speak of height or width and the input is no grey image.
   */
  public static String sized(final String layers, final Shape input, final int outputs) {
    final String complete = layers.replaceAll(OUT, Integer.toString(outputs));
    final String image = complete.replaceAll(HEIGHT, "1").replaceAll(WIDTH, "1");
    if (image.equals(complete)) {
      return complete;
    }
    if (input.rank() != IMAGE_RANK || input.dim(1) != 1) {
      throw GradusException.mismatch(
          "data for a model of height and width", "[N,1,height,width]", input);
    }
    return complete
        .replaceAll(HEIGHT, Integer.toString(input.dim(2)))
        .replaceAll(WIDTH, Integer.toString(input.dim(3)));
  }
}
