package dev.gradus.tests;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.plan.Differentiate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Compares the gradient graph of a scalar, evaluated in double precision, with central finite
 * differences of the scalar. In doubles the differences are good to about nine digits, so the
 * tolerance is far below any error in a formula.
 */
final class GradientCheck {
  private static final double STEP = 1e-6;
  private static final double ABSOLUTE = 1e-8;
  private static final double RELATIVE = 1e-6;

  /** A loss that is a sum of many terms may be off by this much. */
  private static final int LOSS_ULPS = 4;

  /** Elements of a tensor that are checked; of a larger one, as many drawn at random. */
  private static final int ELEMENTS = 60;

  private GradientCheck() {}

  /**
   * Checks.
   *
   * @param loss a scalar of the graph, to which the gradient is appended.
   * @param point content of all inputs and parameters.
   * @param wanted the values to differentiate with respect to.
   * @return what differs, in words; empty where the gradient is right.
   */
  static List<String> mismatches(
      final Graph graph,
      final Value loss,
      final Map<Value, double[]> point,
      final List<Value> wanted,
      final int rows,
      final long seed) {
    return mismatches(graph, loss, point, wanted, rows, seed, RELATIVE);
  }

  /** As above, for a formula whose constants are floats: it is off by more. */
  static List<String> mismatches(
      final Graph graph,
      final Value loss,
      final Map<Value, double[]> point,
      final List<Value> wanted,
      final int rows,
      final long seed,
      final double relative) {
    final List<Node> forward = List.copyOf(graph.nodes());
    final Map<Value, Value> gradients = Differentiate.gradients(graph, loss, wanted);
    final Interpreter interpreter = evaluate(graph.nodes(), point, rows);
    // A difference of two losses keeps what their own roundings leave of it.
    final double absolute = ABSOLUTE + LOSS_ULPS * Math.ulp(interpreter.scalar(loss)) / STEP;
    final List<String> mismatches = new ArrayList<>();
    final Random random = new Random(seed);
    for (final Value value : wanted) {
      final RealTensor gradient = interpreter.get(gradients.get(value));
      for (int i = 0; i < Math.min(ELEMENTS, gradient.length()); i++) {
        final int index = gradient.length() <= ELEMENTS ? i : random.nextInt(gradient.length());
        final double expected = difference(forward, loss, point, value, index, rows);
        final double actual = gradient.at(index);
        if (!(Math.abs(actual - expected) <= absolute + relative * Math.abs(expected))) {
          mismatches.add(
              value
                  + "["
                  + index
                  + "]: difference="
                  + expected
                  + ", gradient="
                  + actual
                  + ", seed="
                  + seed);
        }
      }
    }
    return mismatches;
  }

  private static double difference(
      final List<Node> forward,
      final Value loss,
      final Map<Value, double[]> point,
      final Value value,
      final int index,
      final int rows) {
    final double[] moved = point.get(value).clone();
    final double center = moved[index];
    final Map<Value, double[]> nearby = new HashMap<>(point);
    nearby.put(value, moved);
    moved[index] = center + STEP;
    final double above = evaluate(forward, nearby, rows).scalar(loss);
    moved[index] = center - STEP;
    final double below = evaluate(forward, nearby, rows).scalar(loss);
    return (above - below) / (2 * STEP);
  }

  private static Interpreter evaluate(
      final List<Node> nodes, final Map<Value, double[]> point, final int rows) {
    final Interpreter interpreter = new Interpreter(rows);
    point.forEach((value, content) -> interpreter.set(value, content.clone()));
    interpreter.run(nodes);
    return interpreter;
  }
}
