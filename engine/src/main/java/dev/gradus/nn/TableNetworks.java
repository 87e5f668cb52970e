package dev.gradus.nn;

import dev.gradus.kernel.Activation;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks for rows of a table as {@code dev.gradus.data.TableEncoder} writes them: numbers, then a
 * code for each column of categories.
 *
 * @param numbers how many columns of numbers there are.
 * @param sizes the number of codes of each column of categories; 1 column or more.
 */
public record TableNetworks(int numbers, List<Integer> sizes) {
  /** Small, so that neither sums of weights nor products of embeddings drown the rest at first. */
  private static final Initializer LINEAR_START = Initializers.normal(0, 0.01f);

  private static final Initializer EMBEDDING_START = Initializers.normal(0, 0.1f);

  public TableNetworks {
    sizes = List.copyOf(sizes);
    if (numbers < 0) {
      throw GradusException.outOfRange("columns of numbers", "0 or more", numbers);
    }
    if (sizes.isEmpty()) {
      throw GradusException.mismatch("columns of categories", "1 or more", 0);
    }
  }

  /**
   * A linear model of numbers and one-hot categories beside a multilayer perceptron of numbers and
   * embeddings, their outputs added.
   *
   * <p>Source: Cheng et al., "Wide &amp; deep learning for recommender systems", 2016.
   *
   * @param features of an embedding.
   * @param activation of the hidden layers.
   * @param hidden units of the hidden layers.
   */
  public Network wideDeep(
      final int outputs, final int features, final Activation activation, final int... hidden) {
    final List<Layer> deep = embedded(features);
    addPerceptron(deep, outputs, activation, hidden);
    final List<List<Layer>> branches = linear(outputs);
    branches.add(deep);
    return Network.of(Shape.batched(numbers + sizes.size()), Branches.sum(branches));
  }

  /**
   * A linear model, a factorisation machine of the categories' embeddings, and a multilayer
   * perceptron of numbers and the same embeddings, their outputs added.
   *
   * <p>Source: Guo et al., "DeepFM: a factorization-machine based neural network for CTR
   * prediction", 2017; numbers are no fields of the factorisation machine here.
   *
   * @param features of an embedding.
   * @param activation of the hidden layers.
   * @param hidden units of the hidden layers.
   */
  public Network deepFm(
      final int outputs, final int features, final Activation activation, final int... hidden) {
    final int columns = sizes.size();
    final List<Layer> machine = new ArrayList<>();
    machine.add(new Columns(numbers, columns * features));
    machine.add(new ReshapeLayer(Shape.batched(columns, features)));
    machine.add(new FactorizationMachine());
    machine.add(new Dense(outputs));
    final List<Layer> deep = new ArrayList<>();
    addPerceptron(deep, outputs, activation, hidden);
    final List<Layer> both = embedded(features);
    both.add(Branches.sum(List.of(machine, deep)));
    final List<List<Layer>> branches = linear(outputs);
    branches.add(both);
    return Network.of(Shape.batched(numbers + columns), Branches.sum(branches));
  }

  /** A branch for the categories, and where there are numbers one for these. */
  private List<List<Layer>> linear(final int outputs) {
    final List<List<Layer>> branches = new ArrayList<>();
    branches.add(List.of(codes(), new Categorical(outputs, sizes, LINEAR_START), new ColumnSum()));
    if (numbers > 0) {
      branches.add(List.of(new Columns(0, numbers), new Dense(outputs)));
    }
    return branches;
  }

  private Layer codes() {
    return new Columns(numbers, sizes.size());
  }

  /** Numbers, then all embeddings of a row side by side. */
  private List<Layer> embedded(final int features) {
    final List<Layer> layers = new ArrayList<>();
    layers.add(codes());
    layers.add(new Categorical(features, sizes, EMBEDDING_START));
    layers.add(new Flatten());
    if (numbers == 0) {
      return layers;
    }
    final Layer both = Branches.concat(List.of(List.of(new Columns(0, numbers)), layers));
    return new ArrayList<>(List.of(both));
  }

  private static void addPerceptron(
      final List<Layer> layers,
      final int outputs,
      final Activation activation,
      final int... hidden) {
    for (final int units : hidden) {
      layers.add(new Dense(units, activation));
    }
    layers.add(new Dense(outputs));
  }
}
