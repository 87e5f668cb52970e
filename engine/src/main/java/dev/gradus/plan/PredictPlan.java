package dev.gradus.plan;

import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A network compiled for prediction. It keeps no activations: each one's memory serves again as
 * soon as its reader is done. One thread runs it at a time; for more threads compile more plans
 * over the same parameters.
 *
 * <pre>{@code
 * plan.input().copyFrom(features);   // (rows, in), row-major
 * plan.run(rows);
 * plan.output().copyTo(predictions); // (rows, out)
 * }</pre>
 */
public final class PredictPlan implements AutoCloseable {
  private final BoundPlan plan;
  private final PlanReport report;
  private final IndexRange indices;
  private final Tensor input;
  private final Tensor output;
  private final Function<Parameters, PredictPlan> recipe;

  private PredictPlan(
      final BoundPlan plan,
      final PlanReport report,
      final Network.Definition network,
      final Function<Parameters, PredictPlan> recipe) {
    this.plan = plan;
    this.recipe = recipe;
    this.report = report;
    this.indices = IndexRange.of(network.graph().nodes(), network.input());
    this.input = plan.tensor(network.input());
    this.output = plan.tensor(network.output());
  }

  /**
   * Compiles.
   *
   * @param parameters tensors of the names and shapes the network declares; more are left alone.
   * @throws dev.gradus.memory.GradusException where parameters don't fit or the budget is exceeded.
   */
  public static PredictPlan compile(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final PlanOptions options) {
    final Network.Definition definition = network.define();
    final Compilation compilation = compilation(engine, definition, options.capacity());
    final PlanReport report = report(network, compilation, options.capacity());
    compilation.requireWithin(options.memoryBudgetBytes());
    final BoundPlan plan = new BoundPlan(engine, compilation, parameters, options.capacity());
    return new PredictPlan(
        plan, report, definition, others -> compile(engine, network, others, options));
  }

  /** What {@link #compile} would do and take, without allocating anything. */
  public static PlanReport dryRun(
      final Engine engine, final Network network, final PlanOptions options) {
    final Compilation compilation = compilation(engine, network.define(), options.capacity());
    return report(network, compilation, options.capacity());
  }

  private static PlanReport report(
      final Network network, final Compilation compilation, final int capacity) {
    return compilation.report(
        "predict: " + network.describe(), network, capacity, compilation.workspace().bytes());
  }

  /** Bytes of the workspace that a predict plan of the network takes. */
  static long workspaceBytes(final Engine engine, final Network network, final int capacity) {
    return compilation(engine, network.define(), capacity).workspace().bytes();
  }

  static Compilation compilation(
      final Engine engine, final Network.Definition network, final int capacity) {
    return Compilation.of(
        engine,
        network.graph().nodes(),
        List.of(network.input()),
        Set.of(network.output()),
        Set.of(),
        false,
        capacity);
  }

  /** Where to write features, (capacity, ...). A run uses up its content. */
  public Tensor input() {
    return input;
  }

  /**
   * The predictions of the last run, (capacity, ...); rows behind those of the run are undefined.
   */
  public Tensor output() {
    return output;
  }

  /**
   * Predicts the first rows of {@link #input()}.
   *
   * @param rows 1 up to the capacity.
   * @throws dev.gradus.memory.GradusException where rows or indices are out of range.
   */
  public void run(final int rows) {
    plan.requireRows(rows);
    indices.require(input, rows);
    plan.begin();
    try {
      plan.runSteps(rows);
    } finally {
      plan.end();
    }
  }

  /**
   * Brings the JVM to compile what runs of so many rows take, so that those to come run at their
   * final speed. Nothing that can be seen changes: what is run is a twin of this plan on made-up
   * features, over a copy of the parameters. While it lasts, the engine's account holds as many
   * bytes again as parameters and plan take; then they are given back.
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
        PredictPlan twin = recipe.apply(copy)) {
      new Rehearsal(List.of(twin.input)).run(rows, twin::run);
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
}
