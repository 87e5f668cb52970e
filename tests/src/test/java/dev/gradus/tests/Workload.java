package dev.gradus.tests;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Optimizer;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.SplittableRandom;

/**
 * A small training run on made-up data, big enough that matrix products and updates are cut into
 * several tasks.
 */
final class Workload implements AutoCloseable {
  static final int ROWS = 65;

  final Engine engine;
  final Network network;
  final Parameters parameters;
  final TrainPlan plan;

  Workload(
      final int threads,
      final KernelMode mode,
      final Loss loss,
      final Optimizer optimizer,
      final int... sizes) {
    engine = Engine.open(new EngineOptions(threads, "java", mode));
    network = Network.mlp(Activations.RELU, sizes);
    parameters = Parameters.initialise(engine, network, 42);
    plan = TrainPlan.compile(engine, network, parameters, loss, optimizer, new PlanOptions(ROWS));
    final SplittableRandom random = new SplittableRandom(7);
    for (long i = 0; i < plan.input().elements(); i++) {
      plan.input().set(i, (float) random.nextDouble());
    }
    for (long i = 0; i < plan.target().elements(); i++) {
      if (plan.target().type().dtype() == DType.INT32) {
        plan.target().setInt(i, random.nextInt(sizes[sizes.length - 1]));
      } else {
        plan.target().set(i, (float) random.nextDouble());
      }
    }
  }

  /** Cross-entropy on a network of three layers. */
  static Workload classifier(final int threads, final KernelMode mode, final Optimizer optimizer) {
    return new Workload(threads, mode, Losses.softmaxCrossEntropy(), optimizer, 300, 130, 70, 10);
  }

  /** Full batches and short ones in turn. */
  void steps(final int count) {
    for (int i = 0; i < count; i++) {
      plan.step(i % 3 == 2 ? 17 : ROWS);
    }
  }

  @Override
  public void close() {
    plan.close();
    parameters.close();
    engine.close();
  }
}
