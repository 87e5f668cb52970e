package dev.gradus.plan;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.loss.Loss;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network and a loss compiled into loss and gradients of all learned parameters, without an
 * update: for methods that choose their own steps, as those in {@code train} that take all data at
 * once. One thread runs it at a time.
 *
 * <pre>{@code
 * plan.input().copyFrom(features);
 * plan.target().copyFrom(labels);
 * float loss = plan.run(rows);
 * Tensor gradient = plan.gradient("0.weight");
 * }</pre>
 *
 * <p>The network computes as it trains: with a dropout of its own in each run, and batch
 * normalisation by the batch, whose running statistics each run updates.
 */
public final class GradientPlan implements AutoCloseable {
  private final BoundPlan plan;
  private final String changingLayer;
  private final PlanReport report;
  private final Loss loss;
  private final IndexRange indices;
  private final Tensor input;
  private final Tensor target;
  private final SampleWeights weights;
  private final Tensor output;
  private final long lossAddress;
  private final int forwardSteps;
  private final Map<String, Tensor> learned = new LinkedHashMap<>();
  private final Map<String, Tensor> gradients = new LinkedHashMap<>();

  private GradientPlan(
      final Engine engine,
      final BoundPlan plan,
      final PlanReport report,
      final Parameters parameters,
      final Definition definition,
      final Loss loss) {
    this.plan = plan;
    this.changingLayer = definition.changingLayer;
    this.report = report;
    this.loss = loss;
    this.indices = IndexRange.of(definition.network.graph().nodes(), definition.network.input());
    this.input = plan.tensor(definition.network.input());
    this.target = plan.tensor(definition.target);
    this.weights = new SampleWeights(engine, plan.tensor(definition.weights));
    this.output = plan.tensor(definition.network.output());
    this.lossAddress = plan.tensor(definition.loss).address();
    this.forwardSteps = plan.stepsUntil(definition.loss);
    for (final Value parameter : definition.network.learned()) {
      learned.put(parameter.name(), parameters.tensor(parameter.name()));
      gradients.put(parameter.name(), plan.tensor(definition.gradients.get(parameter)));
    }
  }

  /**
   * Compiles.
   *
   * @param parameters tensors of the names and shapes the network declares.
   * @throws GradusException where loss or parameters don't fit the network, it has nothing to learn
   *     or the budget is exceeded.
   */
  public static GradientPlan compile(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Loss loss,
      final PlanOptions options) {
    final Definition definition = Definition.of(network, loss, options);
    final Compilation compilation = definition.compile(engine, options.capacity());
    final PlanReport report = report(engine, network, loss, compilation, options.capacity());
    compilation.requireWithin(options.memoryBudgetBytes());
    final BoundPlan plan = new BoundPlan(engine, compilation, parameters, options.capacity());
    return new GradientPlan(engine, plan, report, parameters, definition, loss);
  }

  /** What compiling would do and take, without allocating anything. */
  public static PlanReport dryRun(
      final Engine engine, final Network network, final Loss loss, final PlanOptions options) {
    final Definition definition = Definition.of(network, loss, options);
    final Compilation compilation = definition.compile(engine, options.capacity());
    return report(engine, network, loss, compilation, options.capacity());
  }

  private static PlanReport report(
      final Engine engine,
      final Network network,
      final Loss loss,
      final Compilation compilation,
      final int capacity) {
    return compilation.report(
        "gradients: " + network.describe() + ", " + loss.describe(),
        network,
        capacity,
        PredictPlan.workspaceBytes(engine, network, capacity));
  }

  /** Where to write features, (capacity, ...). Runs leave it as it is. */
  public Tensor input() {
    return input;
  }

  /** Where to write targets, as the loss wants them. Runs leave it as it is. */
  public Tensor target() {
    return target;
  }

  /**
   * Where to write weights of samples, (capacity): each multiplies the losses of its row, see
   * {@link Loss}. All are 1 until written. Runs leave them as they are.
   */
  public Tensor weights() {
    return weights.tensor();
  }

  /** The network's output in the last run; rows behind those of the run are undefined. */
  public Tensor output() {
    return output;
  }

  public Loss loss() {
    return loss;
  }

  /**
   * The first layer that changes something in each run, so that the next may not give the same
   * loss: the count that decides a dropout, running statistics, a carried state. Its position in
   * the network and its text, {@code 1 dropout(0.5)}; null where there is none.
   */
  public String changingLayer() {
    return changingLayer;
  }

  /** The names of the learned parameters, in the order of definition; frozen ones are not. */
  public Set<String> names() {
    return Collections.unmodifiableSet(learned.keySet());
  }

  /**
   * A learned parameter: the tensor given at compilation, to be changed between runs.
   *
   * @throws GradusException where the network learns none of that name.
   */
  public Tensor parameter(final String name) {
    return require("learned parameter", learned, name);
  }

  /**
   * The gradient of the loss in the last {@link #run} with respect to a learned parameter, of that
   * parameter's shape.
   *
   * @throws GradusException where the network learns none of that name.
   */
  public Tensor gradient(final String name) {
    return require("gradient", gradients, name);
  }

  private static Tensor require(
      final String kind, final Map<String, Tensor> tensors, final String name) {
    final Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw Names.unknown(kind, name, tensors.keySet());
    }
    return tensor;
  }

  /**
   * Computes loss and gradients for the first rows of {@link #input()} and {@link #target()}.
   *
   * @param rows 1 up to the capacity.
   * @return the loss; where it is NaN or infinite, so may the gradients be.
   * @throws GradusException where rows, indices or targets are out of range or a weight is not
   *     finite.
   */
  public float run(final int rows) {
    return run(rows, plan.steps());
  }

  /** As {@link #run}, for the loss alone: gradients are undefined behind it. */
  public float runLoss(final int rows) {
    return run(rows, forwardSteps);
  }

  private float run(final int rows, final int steps) {
    plan.requireRows(rows);
    indices.require(input, rows);
    loss.requireTarget(target, output.shape(), rows);
    plan.begin();
    try {
      weights.require(rows);
      plan.runSteps(0, steps, rows);
      return OffHeap.getFloat(lossAddress);
    } finally {
      plan.end();
    }
  }

  /**
   * Zeros the state that recurrent layers carry from run to run: the next run starts new sequences.
   */
  public void resetState() {
    plan.resetState();
  }

  public PlanReport report() {
    return report;
  }

  @Override
  public void close() {
    plan.close();
  }

  /** Loss and gradients as a graph. */
  private record Definition(
      Network.Definition network,
      Value target,
      Value weights,
      Value loss,
      Map<Value, Value> gradients,
      String changingLayer) {
    static Definition of(final Network network, final Loss loss, final PlanOptions options) {
      final Network.Definition defined = network.defineTraining(options.seed());
      if (defined.learned().isEmpty()) {
        throw GradusException.mismatch(
            "learned parameters of " + network.describe(), "one or more", "none");
      }
      final Graph graph = defined.graph();
      final Value target = graph.input("target", loss.targetType(defined.output().type()));
      final Value weights = graph.input("weights", TensorType.float32(Shape.batched()));
      final Value lossValue = loss.build(graph, defined.output(), target, weights);
      final Map<Value, Value> gradients =
          Differentiate.gradients(graph, lossValue, defined.learned());
      return new Definition(
          defined, target, weights, lossValue, gradients, changingLayer(network, graph));
    }

    private static String changingLayer(final Network network, final Graph graph) {
      for (final Node node : graph.nodes()) {
        for (int input = 0; input < node.inputs().size(); input++) {
          if (node.op().mutates(input)) {
            final String name = node.input(input).name();
            final String position = name.substring(0, name.indexOf('.'));
            return position + ' ' + network.layers().get(Integer.parseInt(position)).describe();
          }
        }
      }
      return null;
    }

    Compilation compile(final Engine engine, final int capacity) {
      final Set<Value> kept = new HashSet<>(gradients.values());
      kept.add(loss);
      kept.add(network.output());
      return Compilation.of(
          engine,
          network.graph().nodes(),
          List.of(network.input(), target, weights),
          kept,
          Set.of(),
          true,
          capacity);
    }
  }
}
