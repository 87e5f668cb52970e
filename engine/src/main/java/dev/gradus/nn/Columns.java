package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Slice;
import dev.gradus.memory.GradusException;
import java.util.List;

/**
 * Features {@code from} up to {@code from + count} of (N,...,features): some columns of a table.
 */
public record Columns(int from, int count) implements Layer {
  public Columns {
    if (from < 0) {
      throw GradusException.outOfRange("first of columns", "0 or more", from);
    }
    if (count < 1) {
      throw GradusException.outOfRange("count of columns", "1 or more", count);
    }
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    return scope.graph().apply(new Slice(input.shape().rank() - 1, from, count), input);
  }

  /** The layer that arguments {@code from,count} describe. */
  static Layer parse(final List<String> arguments) {
    if (arguments.size() != 2) {
      throw GradusException.mismatch("arguments of columns", "from,count", arguments);
    }
    return new Columns(
        Layers.number("first of columns", arguments.get(0)),
        Layers.number("count of columns", arguments.get(1)));
  }

  @Override
  public String describe() {
    return "columns(" + from + "," + count + ")";
  }
}
