package dev.gradus.plan;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.loss.Loss;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Updates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A network, a loss and a descent compiled into one training step. One thread runs it at a time.
 *
 * <pre>{@code
 * plan.input().copyFrom(features); // (rows, in), row-major
 * plan.target().copyFrom(labels);  // as the loss wants them
 * float loss = plan.step(rows);    // forward, loss, backward, update
 * }</pre>
 */
public final class TrainPlan implements AutoCloseable {
  private final BoundPlan plan;
  private final PlanReport report;
  private final Updates updates;
  private final Loss loss;
  private final IndexRange indices;
  private final Tensor input;
  private final Tensor target;
  private final SampleWeights weights;
  private final Tensor output;
  private final long lossAddress;
  private final Map<String, Tensor> activations = new LinkedHashMap<>();
  private final Map<String, Tensor> gradients = new LinkedHashMap<>();
  private final int forwardSteps;
  private final Function<Parameters, TrainPlan> recipe;

  private TrainPlan(
      final Engine engine,
      final BoundPlan plan,
      final PlanReport report,
      final Definition definition,
      final Loss loss,
      final Function<Parameters, TrainPlan> recipe) {
    this.plan = plan;
    this.recipe = recipe;
    this.report = report;
    this.updates = definition.updates;
    this.loss = loss;
    this.indices = IndexRange.of(definition.network.graph().nodes(), definition.network.input());
    this.input = plan.tensor(definition.network.input());
    this.target = plan.tensor(definition.target);
    this.weights = new SampleWeights(engine, plan.tensor(definition.weights));
    this.output = plan.tensor(definition.network.output());
    this.lossAddress = plan.tensor(definition.loss).address();
    final Inspection inspection = definition.inspection;
    inspection.activations().forEach((name, value) -> activations.put(name, plan.tensor(value)));
    inspection.gradients().forEach((name, value) -> gradients.put(name, plan.tensor(value)));
    this.forwardSteps = plan.stepsUntil(definition.loss);
    plan.fillStates(updates.averages());
  }

  /** As {@link #compile(Engine, Network, Parameters, Loss, Descent, PlanOptions)}. */
  public static TrainPlan compile(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Loss loss,
      final Optimizer optimizer,
      final PlanOptions options) {
    return compile(engine, network, parameters, loss, Descent.of(optimizer), options);
  }

  /**
   * Compiles.
   *
   * @param parameters tensors of the names and shapes the network declares.
   * @throws dev.gradus.memory.GradusException where loss or parameters don't fit the network or the
   *     budget is exceeded.
   */
  public static TrainPlan compile(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Loss loss,
      final Descent descent,
      final PlanOptions options) {
    final Definition definition = Definition.of(network, loss, descent, options);
    final Compilation compilation = definition.compile(engine, options.capacity());
    final PlanReport report = report(engine, network, definition, compilation, options.capacity());
    compilation.requireWithin(options.memoryBudgetBytes());
    final BoundPlan plan = new BoundPlan(engine, compilation, parameters, options.capacity());
    return new TrainPlan(
        engine,
        plan,
        report,
        definition,
        loss,
        others -> compile(engine, network, others, loss, descent, options));
  }

  /** As {@link #dryRun(Engine, Network, Loss, Descent, PlanOptions)}. */
  public static PlanReport dryRun(
      final Engine engine,
      final Network network,
      final Loss loss,
      final Optimizer optimizer,
      final PlanOptions options) {
    return dryRun(engine, network, loss, Descent.of(optimizer), options);
  }

  /** What compiling would do and take, without allocating anything. */
  public static PlanReport dryRun(
      final Engine engine,
      final Network network,
      final Loss loss,
      final Descent descent,
      final PlanOptions options) {
    final Definition definition = Definition.of(network, loss, descent, options);
    final Compilation compilation = definition.compile(engine, options.capacity());
    return report(engine, network, definition, compilation, options.capacity());
  }

  private static PlanReport report(
      final Engine engine,
      final Network network,
      final Definition definition,
      final Compilation compilation,
      final int capacity) {
    return compilation.report(
        "train: " + network.describe() + ", " + definition.updates.descent().optimizer().name(),
        network,
        capacity,
        PredictPlan.workspaceBytes(engine, network, capacity));
  }

  /** Where to write features, (capacity, ...). Steps leave it as it is. */
  public Tensor input() {
    return input;
  }

  /**
   * Where to write targets, as the loss wants them, for {@code capacity} rows. Steps leave it as it
   * is.
   */
  public Tensor target() {
    return target;
  }

  /**
   * Where to write weights of samples, (capacity): each multiplies the losses of its row, see
   * {@link Loss}. All are 1 until written. Steps leave them as they are.
   */
  public Tensor weights() {
    return weights.tensor();
  }

  /**
   * The network's output in the last step, computed before the update; rows behind those of the
   * step are undefined.
   */
  public Tensor output() {
    return output;
  }

  /**
   * Makes one step with the first rows of {@link #input()} and {@link #target()}. Where the loss is
   * NaN or infinite, nothing is updated and the step does not count; {@link #firstNonFinite} then
   * tells where that came from.
   *
   * @param rows 1 up to the capacity.
   * @return the loss before the update.
   * @throws dev.gradus.memory.GradusException where rows, indices or targets are out of range or a
   *     weight is not finite; nothing has changed then.
   */
  public float step(final int rows) {
    plan.requireRows(rows);
    indices.require(input, rows);
    loss.requireTarget(target, output.shape(), rows);
    plan.begin();
    try {
      weights.require(rows);
      plan.runSteps(0, forwardSteps, rows);
      final float value = OffHeap.getFloat(lossAddress);
      if (Float.isFinite(value)) {
        updates.advance();
        plan.runSteps(forwardSteps, plan.steps(), rows);
      }
      return value;
    } finally {
      plan.end();
    }
  }

  /**
   * Brings the JVM to compile what steps of so many rows take, so that those to come run at their
   * final speed. Nothing that can be seen changes: what is run is a twin of this plan on made-up
   * features and targets, over a copy of the parameters, which its steps leave as they are. While
   * it lasts, the engine's account holds as many bytes again as parameters and plan take; then they
   * are given back.
   *
   * <p>Ends when the twin's runs are fast and make no more garbage, or with the run in which 5
   * seconds are over. Other plans may run meanwhile, on other threads.
   *
   * @param rows 1 up to the capacity. Other numbers of rows share most of the code, not all.
   * @throws dev.gradus.memory.GradusException where rows are out of range, the plan, its parameters
   *     or its engine are closed, or memory for the twin is not to be had.
   */
  public void warmUp(final int rows) {
    plan.requireRows(rows);
    try (Parameters copy = plan.copyParameters();
        TrainPlan twin = recipe.apply(copy)) {
      twin.updates.learningRate(0);
      new Rehearsal(List.of(twin.input, twin.target)).run(rows, twin::step);
    }
  }

  /**
   * Computes the loss once more, op by op, and names the first value that has a NaN or an infinity:
   * the input, a parameter or an op's output. For the moment after a {@link #step} that returned
   * such a loss; slow.
   *
   * @param rows of that step.
   * @return null where all is finite.
   */
  public String firstNonFinite(final int rows) {
    plan.requireRows(rows);
    indices.require(input, rows);
    loss.requireTarget(target, output.shape(), rows);
    plan.begin();
    try {
      return plan.firstNonFinite(forwardSteps, rows);
    } finally {
      plan.end();
    }
  }

  /**
   * The output of a layer in the last step, (capacity, ...); rows behind those of the step are
   * undefined.
   *
   * @param layer its position in the network, {@code 0}, {@code 1}, ...; of one within branches its
   *     path, {@code 1.0.2}: layer 2 of branch 0 of layer 1.
   * @throws dev.gradus.memory.GradusException where the plan was compiled without {@link
   *     PlanOptions#withInspection} or has no such layer.
   */
  public Tensor activation(final String layer) {
    return Inspection.require("activation", activations, layer);
  }

  /**
   * A gradient of the loss in the last step, before the update; of what has rows, those behind the
   * step's are undefined.
   *
   * @param name of a learned parameter, {@code 0.weight}; of a layer, {@code 0}, for the gradient
   *     with respect to its output; or {@code input}, where that is of floats.
   * @throws dev.gradus.memory.GradusException where the plan was compiled without {@link
   *     PlanOptions#withInspection} or has no such gradient.
   */
  public Tensor gradient(final String name) {
    return Inspection.require("gradient", gradients, name);
  }

  /** The names that {@link #gradient} knows. */
  public Set<String> gradientNames() {
    return Collections.unmodifiableSet(gradients.keySet());
  }

  /**
   * Zeros the state that recurrent layers carry from run to run: the next run starts new sequences.
   */
  public void resetState() {
    plan.resetState();
  }

  /**
   * Copies the moving averages of the weights, as a descent with {@link Descent#withAverage} keeps
   * them, and all parameters that have none, to parameters of the same network.
   *
   * @throws GradusException where the plan keeps no averages or the parameters are other ones.
   */
  public void copyAverages(final Parameters target) {
    if (updates.averages().isEmpty()) {
      throw GradusException.mismatch(
          "averages of plan", "a descent with an average", "one without");
    }
    plan.begin();
    try {
      plan.copyParameters(updates.averages(), target);
    } finally {
      plan.end();
    }
  }

  /** The number of updates made. */
  public long steps() {
    return updates.step();
  }

  public double learningRate() {
    return updates.learningRate();
  }

  /** Sets the optimizer's rate for the steps to come, 0 or more. */
  public void learningRate(final double rate) {
    updates.learningRate(rate);
  }

  public PlanReport report() {
    return report;
  }

  @Override
  public void close() {
    plan.close();
  }

  /** The whole step as a graph. */
  private record Definition(
      Network.Definition network,
      Value target,
      Value weights,
      Value loss,
      Updates updates,
      Inspection inspection) {
    static Definition of(
        final Network network, final Loss loss, final Descent descent, final PlanOptions options) {
      final Network.Definition defined = network.defineTraining(options.seed());
      final Graph graph = defined.graph();
      final Value target = graph.input("target", loss.targetType(defined.output().type()));
      final Value weights = graph.input("weights", TensorType.float32(Shape.batched()));
      final Value lossValue = loss.build(graph, defined.output(), target, weights);
      final List<Value> trained = descent.trained(defined.learned());
      final Inspection inspection =
          options.inspected() ? Inspection.of(defined) : Inspection.none();
      final List<Value> wanted = new ArrayList<>(trained);
      wanted.addAll(inspection.wanted(defined, lossValue));
      final Map<Value, Value> found = Differentiate.gradients(graph, lossValue, wanted);
      final Map<Value, Value> gradients = new LinkedHashMap<>();
      trained.forEach(parameter -> gradients.put(parameter, found.get(parameter)));
      final Updates updates = Updates.append(graph, gradients, descent);
      return new Definition(
          defined, target, weights, lossValue, updates, inspection.with(trained, defined, found));
    }

    Compilation compile(final Engine engine, final int capacity) {
      final Set<Value> kept = new HashSet<>(inspection.values());
      kept.add(loss);
      kept.add(network.output());
      return Compilation.of(
          engine,
          network.graph().nodes(),
          List.of(network.input(), target, weights),
          kept,
          Set.of(loss),
          true,
          capacity);
    }
  }
}
