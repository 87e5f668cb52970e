package dev.gradus.plan;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Network;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Any graph as a plan, which users can't have: for tests of the compiler's passes behind
 * differentiation.
 */
public final class GraphPlan implements AutoCloseable {
  private final Compilation compilation;
  private final Parameters parameters;
  private final BoundPlan plan;

  private GraphPlan(
      final Compilation compilation, final Parameters parameters, final BoundPlan plan) {
    this.compilation = compilation;
    this.parameters = parameters;
    this.plan = plan;
  }

  /**
   * Compiles.
   *
   * @param graph without parameters.
   * @param inputs what is written before a run.
   * @param kept results that can be read after a run; what is kept is not fused away.
   * @param keepInputs whether inputs stay as written.
   */
  public static GraphPlan compile(
      final Engine engine,
      final Graph graph,
      final List<Value> inputs,
      final Set<Value> kept,
      final boolean keepInputs,
      final int capacity) {
    final Network none = Network.of(Shape.batched(1), new Dense(1));
    return compile(engine, graph, none, inputs, kept, keepInputs, capacity);
  }

  /** As above, with the parameters of a network, which are zeros at first. */
  public static GraphPlan compile(
      final Engine engine,
      final Graph graph,
      final Network network,
      final List<Value> inputs,
      final Set<Value> kept,
      final boolean keepInputs,
      final int capacity) {
    final Compilation compilation =
        Compilation.of(engine, graph.nodes(), inputs, kept, Set.of(), keepInputs, capacity);
    final Parameters parameters = Parameters.zeros(engine, network);
    return new GraphPlan(
        compilation, parameters, new BoundPlan(engine, compilation, parameters, capacity));
  }

  /** The nodes in the order they run. */
  public List<Node> nodes() {
    return compilation.nodes();
  }

  /** The parameters, to be written. */
  public Parameters parameters() {
    return parameters;
  }

  public long workspaceBytes() {
    return compilation.workspace().bytes();
  }

  /** Where an input is written or a kept value read. */
  public Tensor tensor(final Value value) {
    return plan.tensor(value);
  }

  /** Fills the workspace with NaN, constants apart: whatever a run reads, it must have written. */
  public void poison() {
    final Map<Value, Long> offsets = compilation.workspace().offsets();
    if (offsets.isEmpty()) {
      return;
    }
    final Value any = offsets.keySet().iterator().next();
    final long base = plan.tensor(any).address() - offsets.get(any);
    for (long at = 0; at < workspaceBytes(); at += Float.BYTES) {
      OffHeap.setFloat(base + at, Float.NaN);
    }
    for (final Map.Entry<Value, Long> entry : offsets.entrySet()) {
      if (entry.getKey().role() == Value.Role.CONSTANT) {
        OffHeap.setFloat(base + entry.getValue(), entry.getKey().constant());
      }
    }
  }

  /** Runs all steps. */
  public void run(final int rows) {
    plan.requireRows(rows);
    plan.begin();
    try {
      plan.runSteps(rows);
    } finally {
      plan.end();
    }
  }

  @Override
  public void close() {
    plan.close();
    parameters.close();
  }
}
