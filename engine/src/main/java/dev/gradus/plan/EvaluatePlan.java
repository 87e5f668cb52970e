package dev.gradus.plan;

import dev.gradus.graph.Value;
import dev.gradus.loss.Loss;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import java.util.List;
import java.util.Set;

/**
 * A network and a loss compiled for scoring: no gradients, no update. One thread runs it at a time.
 */
public final class EvaluatePlan implements AutoCloseable {
  private final BoundPlan plan;
  private final Loss loss;
  private final IndexRange indices;
  private final Tensor input;
  private final Tensor target;
  private final Tensor output;
  private final long lossAddress;

  private EvaluatePlan(
      final BoundPlan plan,
      final Loss loss,
      final Network.Definition network,
      final Value target,
      final Value lossValue) {
    this.plan = plan;
    this.loss = loss;
    this.indices = IndexRange.of(network.graph().nodes(), network.input());
    this.input = plan.tensor(network.input());
    this.target = plan.tensor(target);
    this.output = plan.tensor(network.output());
    this.lossAddress = plan.tensor(lossValue).address();
  }

  /**
   * Compiles.
   *
   * @throws dev.gradus.memory.GradusException where loss or parameters don't fit the network or the
   *     budget is exceeded.
   */
  public static EvaluatePlan compile(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Loss loss,
      final PlanOptions options) {
    final Network.Definition definition = network.define();
    final Value target =
        definition.graph().input("target", loss.targetType(definition.output().type()));
    final Value lossValue = loss.build(definition.graph(), definition.output(), target);
    final Compilation compilation =
        Compilation.of(
            engine,
            definition.graph().nodes(),
            List.of(definition.input(), target),
            Set.of(lossValue, definition.output()),
            Set.of(),
            true,
            options.capacity());
    compilation.requireWithin(options.memoryBudgetBytes());
    final BoundPlan plan = new BoundPlan(engine, compilation, parameters, options.capacity());
    return new EvaluatePlan(plan, loss, definition, target, lossValue);
  }

  /** Where to write features, (capacity, ...). */
  public Tensor input() {
    return input;
  }

  /** Where to write targets, as the loss wants them. */
  public Tensor target() {
    return target;
  }

  /** The network's output in the last run. */
  public Tensor output() {
    return output;
  }

  /**
   * Scores the first rows of {@link #input()} and {@link #target()}.
   *
   * @return the loss.
   */
  public float run(final int rows) {
    plan.requireRows(rows);
    indices.require(input, rows);
    loss.requireTarget(target, output.shape(), rows);
    plan.begin();
    try {
      plan.runSteps(rows);
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

  @Override
  public void close() {
    plan.close();
  }
}
