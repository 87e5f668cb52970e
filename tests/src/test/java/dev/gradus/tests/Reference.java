package dev.gradus.tests;

import dev.gradus.graph.Op;
import java.util.List;

/** What an op computes, in double precision and written apart from the engine's kernels. */
interface Reference {
  /**
   * Evaluates.
   *
   * @param inputs with all dimensions bound.
   * @return the outputs, each with the shape it has by the op's definition; behind them, for each
   *     input that the op mutates, its new content.
   */
  List<RealTensor> evaluate(Op op, List<RealTensor> inputs);
}
