package dev.gradus.graph;

import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * An operation: an immutable record that knows its shapes, its gradient and the kernels that
 * compute it. Adding one takes one file in {@code dev.gradus.graph.op} and one row in the tests'
 * table of ops.
 */
public interface Op {
  /** Lower case, for reports and errors. */
  String name();

  /**
   * The shape rule.
   *
   * @return the types of the outputs.
   * @throws dev.gradus.memory.GradusException where the inputs don't fit, with the expected and the
   *     actual shapes.
   */
  List<TensorType> outputs(List<TensorType> inputs);

  /**
   * Appends the ops that compute the gradient.
   *
   * @param node this application of the op.
   * @param dOutputs for each output the gradient with respect to it, null where nothing depends on
   *     it.
   * @return for each input its gradient, null where there is none; training then refuses a graph in
   *     which a parameter computes that input.
   */
  List<Value> gradient(Graph graph, Node node, List<Value> dOutputs);

  /**
   * Whether the outputs stay the same for small changes of an input (indices, a mask, a tensor
   * whose shape alone is read), so that no gradient passes through it.
   *
   * @param input position of that input.
   */
  default boolean isConstantIn(final int input) {
    return false;
  }

  /** Chooses kernels and sizes for a node before any memory exists. */
  Prepared prepare(Node node, Backend backend, int capacity);

  /** Floating-point operations for a batch of {@code rows}; a fused multiply-add counts as two. */
  long flops(Node node, int rows);

  /**
   * Which input each run overwrites with the new value of that input (an optimizer's update,
   * running statistics). Such a node runs after everything that reads the old value.
   */
  default boolean mutates(final int input) {
    return false;
  }

  /**
   * Whether the output is the first input's own memory under another type of as many bytes, so that
   * nothing is computed and no memory taken.
   */
  default boolean isView() {
    return false;
  }

  /**
   * Whether the output {@link #heir} may take the memory of an input of the same type that nothing
   * reads afterwards.
   *
   * @param input position of that input.
   */
  default boolean canOverwrite(final int input) {
    return false;
  }

  /** The output that may overwrite an input; the first unless told otherwise. */
  default int heir() {
    return 0;
  }
}
