package dev.gradus.plan;

import dev.gradus.graph.Node;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Slab;
import dev.gradus.nn.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes brought into the form and order in which they run, with kernels chosen and memory placed,
 * but none allocated.
 *
 * @param nodes in the order they run.
 * @param prepared one for each node.
 * @param states what is kept from run to run beside the parameters.
 * @param stateOffsets of each state, in bytes.
 */
record Compilation(
    List<Node> nodes,
    List<Prepared> prepared,
    PlaceMemory.Workspace workspace,
    List<Value> states,
    Map<Value, Long> stateOffsets,
    long stateBytes) {

  /**
   * Runs the passes behind differentiation.
   *
   * @param inputs what the caller writes before a run.
   * @param kept results to read after a run.
   * @param first results that no update precedes.
   * @param keepInputs whether inputs stay as written; else their memory serves again during the
   *     run.
   */
  static Compilation of(
      final Engine engine,
      final List<Node> defined,
      final List<Value> inputs,
      final Set<Value> kept,
      final Set<Value> first,
      final boolean keepInputs,
      final int capacity) {
    final List<Node> fused = Fuse.apply(Prune.apply(defined, kept), kept, capacity);
    final List<Node> nodes = Schedule.apply(fused, first);
    final List<Prepared> prepared = new ArrayList<>();
    final Set<Value> states = new LinkedHashSet<>();
    for (final Node node : nodes) {
      prepared.add(node.op().prepare(node, engine.backend(), capacity));
      node.inputs().stream().filter(value -> value.role() == Value.Role.STATE).forEach(states::add);
    }
    final Set<Value> pinned = new HashSet<>(kept);
    if (keepInputs) {
      pinned.addAll(inputs);
    }
    final PlaceMemory.Workspace workspace =
        PlaceMemory.place(nodes, prepared, inputs, pinned, capacity);
    final Map<Value, Long> stateOffsets = new HashMap<>();
    long stateBytes = 0;
    for (final Value state : states) {
      stateOffsets.put(state, stateBytes);
      stateBytes = Slab.sum(stateBytes, Slab.aligned(state.type().bytes(capacity)));
    }
    return new Compilation(
        nodes, prepared, workspace, List.copyOf(states), Map.copyOf(stateOffsets), stateBytes);
  }

  /** Off-heap bytes that binding will allocate. */
  long planBytes() {
    return Slab.sum(stateBytes, workspace.bytes());
  }

  void requireWithin(final long budgetBytes) {
    if (planBytes() > budgetBytes) {
      throw GradusException.outOfRange(
          "memory of the plan", "at most " + budgetBytes + " bytes", planBytes());
    }
  }

  /**
   * What it does and takes.
   *
   * @param predictWorkspaceBytes see {@link PlanReport}.
   */
  PlanReport report(
      final String title,
      final Network network,
      final int capacity,
      final long predictWorkspaceBytes) {
    return new PlanReport(
        title,
        capacity,
        stepReports(capacity),
        network.parameterCount(),
        Parameters.bytes(network),
        stateBytes,
        workspace.bytes(),
        predictWorkspaceBytes);
  }

  private List<PlanReport.StepReport> stepReports(final int capacity) {
    final List<PlanReport.StepReport> reports = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      reports.add(stepReport(nodes.get(i), prepared.get(i), capacity));
    }
    return reports;
  }

  private static PlanReport.StepReport stepReport(
      final Node node, final Prepared prepared, final int capacity) {
    final StringBuilder shapes = new StringBuilder();
    long parameters = 0;
    long bytes = 0;
    for (int input = 0; input < node.inputs().size(); input++) {
      final Value value = node.input(input);
      shapes.append(input == 0 ? "" : " ").append(value.shape());
      bytes += value.type().bytes(capacity) * (node.op().mutates(input) ? 2 : 1);
      if (value.role() == Value.Role.PARAMETER) {
        parameters += value.shape().elements(1);
      }
    }
    shapes.append(" ->");
    for (final Value output : node.outputs()) {
      shapes.append(' ').append(output.shape());
      bytes += output.type().bytes(capacity);
    }
    return new PlanReport.StepReport(
        node.op().name(),
        shapes.toString(),
        parameters,
        node.op().flops(node, capacity),
        bytes,
        prepared.kernel());
  }
}
