package dev.gradus.tests;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import java.util.List;

/**
 * An op that a test defines, which brings its own reference and needs no row in {@link OpTable}.
 */
interface ReferencedOp extends Op {
  List<RealTensor> evaluate(List<RealTensor> inputs);

  @Override
  default Prepared prepare(final Node node, final Backend backend, final int capacity) {
    throw new UnsupportedOperationException(name() + " is for the interpreter alone");
  }

  @Override
  default long flops(final Node node, final int rows) {
    return 0;
  }
}
