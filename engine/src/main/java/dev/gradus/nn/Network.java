package dev.gradus.nn;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers one after another, from an input of a given shape. An immutable description, checked when
 * it is made.
 *
 * @param input shape of a batch, its first dimension the batch: {@code Shape.batched(784)}.
 * @param inputType of its elements: float32, or int32 where the first layer is an embedding.
 */
public record Network(Shape input, DType inputType, List<Layer> layers) {
  private static final String INDICES = "int";

  public Network {
    layers = List.copyOf(layers);
    if (!input.isBatched()) {
      throw GradusException.mismatch("input shape of network", "a batch of rows [N,...]", input);
    }
    if (layers.isEmpty()) {
      throw GradusException.mismatch("layers of network", "1 or more", 0);
    }
    define(new TensorType(inputType, input), layers, false, 0);
    define(new TensorType(inputType, input), layers, true, 0);
  }

  /** A network of float32 input. */
  public Network(final Shape input, final List<Layer> layers) {
    this(input, DType.FLOAT32, layers);
  }

  /** A network of the given layers on int32 indices, the first of them an embedding. */
  public static Network ofIndices(final Shape input, final Layer... layers) {
    return new Network(input, DType.INT32, List.of(layers));
  }

  /** A network of the given layers. */
  public static Network of(final Shape input, final Layer... layers) {
    return new Network(input, List.of(layers));
  }

  /**
   * A multilayer perceptron: {@code sizes} from the input to the output, the activation on all
   * layers but the last.
   */
  public static Network mlp(final Activation activation, final int... sizes) {
    if (sizes.length < 2) {
      throw GradusException.mismatch("sizes of an MLP", "2 or more", sizes.length);
    }
    final List<Layer> layers = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      layers.add(new Dense(sizes[i], i < sizes.length - 1 ? activation : null));
    }
    return new Network(Shape.batched(sizes[0]), layers);
  }

  /** This network with one more layer. Parameters keep their names. */
  public Network then(final Layer layer) {
    final List<Layer> more = new ArrayList<>(layers);
    more.add(layer);
    return new Network(input, inputType, more);
  }

  /**
   * A layer where it stands in a network.
   *
   * @param path its position, {@code 1}; of a layer within branches the position of these, of the
   *     branch, and in the branch, {@code 1.0.2}.
   */
  public record Part(String path, Layer layer, Value output) {}

  /**
   * A network defined in a graph of its own.
   *
   * @param parts all layers, those within branches before the layer that holds these; the last is
   *     the network's last layer.
   * @param parameters in the order of definition.
   */
  public record Definition(Graph graph, Value input, List<Part> parts, List<Parameter> parameters) {
    public Definition {
      parts = List.copyOf(parts);
      parameters = List.copyOf(parameters);
    }

    /** The output of the last layer. */
    public Value output() {
      return parts.get(parts.size() - 1).output();
    }

    /** The parameters that an optimizer changes. */
    public List<Value> learned() {
      return parameters.stream()
          .filter(parameter -> parameter.kind() == Parameter.Kind.LEARNED)
          .map(Parameter::value)
          .toList();
    }
  }

  /**
   * Defines the network in a new graph, as it predicts. Layer {@code i}'s parameters are named
   * {@code <i>.<parameter>}.
   */
  public Definition define() {
    return define(new TensorType(inputType, input), layers, false, 0);
  }

  /**
   * Defines the network in a new graph, as it trains: with dropout, with statistics of the batch.
   * Input, output and parameters are those of {@link #define}.
   *
   * @param seed of what is random in it.
   */
  public Definition defineTraining(final long seed) {
    return define(new TensorType(inputType, input), layers, true, seed);
  }

  private static Definition define(
      final TensorType input, final List<Layer> layers, final boolean training, final long seed) {
    final Graph graph = new Graph();
    final Scope scope = new Scope(graph, training, seed);
    final Value in = graph.input("input", input);
    Value value = in;
    for (int i = 0; i < layers.size(); i++) {
      value = scope.part(Integer.toString(i), layers.get(i), value);
    }
    return new Definition(graph, in, scope.parts(), scope.parameters());
  }

  /** The type of a batch of predictions. */
  public TensorType output() {
    return define().output().type();
  }

  /**
   * The number of learned floats, those of frozen layers among them; buffers are not learned.
   *
   * @throws GradusException where they are more than a long can count.
   */
  public long parameterCount() {
    long count = 0;
    for (final Parameter parameter : define().parameters()) {
      final long elements =
          parameter.kind() == Parameter.Kind.BUFFER ? 0 : parameter.value().shape().elements(1);
      if (count > Long.MAX_VALUE - elements) {
        throw GradusException.outOfRange("sum of parameters", "below 2^63", "more");
      }
      count += elements;
    }
    return count;
  }

  /**
   * The network as one line that {@link #parse} reads: {@code input(784) dense(256,relu)
   * dense(10)}, or {@code input(int,20) embedding(1000,32) ...}.
   */
  public String describe() {
    final StringBuilder text = new StringBuilder("input(");
    text.append(inputType == DType.INT32 ? INDICES : "");
    for (int axis = 1; axis < input.rank(); axis++) {
      final boolean first = axis == 1 && inputType == DType.FLOAT32;
      text.append(first ? "" : ",").append(input.dim(axis));
    }
    text.append(')');
    for (final Layer layer : layers) {
      text.append(' ').append(layer.describe());
    }
    return text.toString();
  }

  /**
   * Reads what {@link #describe} wrote.
   *
   * @throws GradusException where the text is not a network.
   */
  public static Network parse(final String text) {
    final List<NetworkText.Part> parts = NetworkText.parts(text);
    if (parts.isEmpty()) {
      throw NetworkText.malformed(text);
    }
    if (!parts.get(0).name().equals("input")) {
      throw GradusException.mismatch("first part of network text", "input(...)", '"' + text + '"');
    }
    final List<String> sizes = parts.get(0).arguments();
    final boolean indices = !sizes.isEmpty() && sizes.get(0).equals(INDICES);
    final int[] dims =
        sizes.stream()
            .skip(indices ? 1 : 0)
            .mapToInt(size -> Layers.number("input size", size))
            .toArray();
    final List<Layer> layers = new ArrayList<>();
    for (final NetworkText.Part part : parts.subList(1, parts.size())) {
      layers.add(Layers.parse(part.name(), part.arguments()));
    }
    return new Network(Shape.batched(dims), indices ? DType.INT32 : DType.FLOAT32, layers);
  }
}
