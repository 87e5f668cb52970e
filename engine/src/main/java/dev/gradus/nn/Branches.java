package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.Concat;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Several ways from one input, their outputs joined: added up, or side by side along an axis. A
 * branch without layers passes the input on, so a residual block is a sum of some layers and of
 * none. Parameters of layer {@code l} of branch {@code b} are named {@code <b>.<l>.<parameter>}.
 */
public record Branches(Join join, List<List<Layer>> branches) implements Layer {
  /** How outputs come together. */
  public enum Join {
    /** Added up; all of one shape. */
    SUM,
    /** Side by side: images along their channels, all else along the last dimension. */
    CONCAT
  }

  private static final int IMAGE_RANK = 4;

  public Branches {
    branches = branches.stream().map(List::copyOf).toList();
    if (branches.size() < 2) {
      throw GradusException.mismatch("branches of " + label(join), "2 or more", branches.size());
    }
  }

  /** {@code f(x) + x}. Source: He et al. 2016. */
  public static Branches residual(final Layer... layers) {
    return new Branches(Join.SUM, List.of(List.of(layers), List.of()));
  }

  /** The sum of the branches' outputs. */
  public static Branches sum(final List<List<Layer>> branches) {
    return new Branches(Join.SUM, branches);
  }

  /** The branches' outputs side by side. */
  public static Branches concat(final List<List<Layer>> branches) {
    return new Branches(Join.CONCAT, branches);
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final List<Value> outputs = new ArrayList<>();
    for (int b = 0; b < branches.size(); b++) {
      final Scope branch = scope.child(Integer.toString(b));
      Value value = input;
      for (int l = 0; l < branches.get(b).size(); l++) {
        value = branch.part(Integer.toString(l), branches.get(b).get(l), value);
      }
      outputs.add(value);
    }
    return join == Join.SUM ? add(scope, outputs) : concat(scope, outputs);
  }

  private static Value add(final Scope scope, final List<Value> outputs) {
    Value sum = outputs.get(0);
    for (final Value output : outputs.subList(1, outputs.size())) {
      if (!output.type().equals(sum.type())) {
        throw GradusException.mismatch("outputs of branches of sum", sum.type(), output.type());
      }
      sum = scope.graph().apply(new Add(), sum, output);
    }
    return sum;
  }

  private static Value concat(final Scope scope, final List<Value> outputs) {
    final Shape first = outputs.get(0).shape();
    final int axis = first.rank() == IMAGE_RANK ? 1 : first.rank() - 1;
    return scope.graph().apply(new Concat(axis), outputs.toArray(Value[]::new));
  }

  private static String label(final Join join) {
    return join == Join.SUM ? "sum" : "concat";
  }

  private boolean isResidual() {
    return join == Join.SUM
        && branches.size() == 2
        && branches.get(1).isEmpty()
        && !branches.get(0).isEmpty();
  }

  /** The layer that arguments {@code layers | layers ...} describe. */
  static Layer parse(final Join join, final List<String> arguments) {
    final String text = String.join(",", arguments);
    final List<List<Layer>> branches = new ArrayList<>();
    for (final String branch : NetworkText.split(text, '|')) {
      branches.add(NetworkText.layers(branch));
    }
    return new Branches(join, branches);
  }

  /** The residual block that arguments {@code layers} describe. */
  static Layer parseResidual(final List<String> arguments) {
    if (arguments.isEmpty()) {
      throw GradusException.mismatch("arguments of residual", "layers", arguments);
    }
    return residual(NetworkText.layers(String.join(",", arguments)).toArray(Layer[]::new));
  }

  @Override
  public String describe() {
    if (isResidual()) {
      return "residual(" + NetworkText.describe(branches.get(0)) + ")";
    }
    final List<String> texts = branches.stream().map(NetworkText::describe).toList();
    return label(join) + "(" + String.join(" | ", texts) + ")";
  }
}
