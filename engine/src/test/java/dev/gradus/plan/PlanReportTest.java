package dev.gradus.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.loss.Losses;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Sgd;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PlanReportTest {
  private static final Network NETWORK = Network.mlp(Activations.RELU, 784, 256, 10);
  private static final int ROWS = 64;
  private static final PlanOptions OPTIONS = new PlanOptions(ROWS);

  private final Engine engine = Engine.open();

  @AfterEach
  void close() {
    engine.close();
  }

  private static PlanReport.StepReport step(final PlanReport report, final String op) {
    final List<PlanReport.StepReport> found =
        report.steps().stream().filter(step -> step.op().equals(op)).toList();
    assertEquals(1, found.size(), op);
    return found.get(0);
  }

  @Test
  void shouldCountWhatAPredictionTakes() {
    final PlanReport report = PredictPlan.dryRun(engine, NETWORK, OPTIONS);
    final PlanReport.StepReport hidden = step(report, "matmul+bias+relu");
    assertEquals("[N,784] [784,256] [256] -> [N,256]", hidden.shapes());
    assertEquals(784 * 256 + 256, hidden.parameters());
    assertEquals(2L * 64 * 784 * 256 + 2L * 64 * 256, hidden.flops(), "bias and ReLU: one each");
    assertEquals(4L * (64 * 784 + 784 * 256 + 256 + 64 * 256), hidden.bytes());
    assertEquals((double) hidden.flops() / hidden.bytes(), hidden.intensity());
    final PlanReport.StepReport logits = step(report, "matmul+bias");
    assertEquals(256 * 10 + 10, logits.parameters());
    assertEquals(2L * 64 * 256 * 10 + 64 * 10, logits.flops());
    assertEquals(hidden.flops() + logits.flops(), report.flops());
    assertEquals(784 * 256 + 256 + 256 * 10 + 10, report.parameterCount());
    // 784*256*4 and 256*10*4 and 256*4 are multiples of 64; 10 floats are rounded up to 64 bytes
    assertEquals(784 * 256 * 4 + 256 * 4 + 256 * 10 * 4 + 64, report.parameterBytes());
    assertEquals(0, report.stateBytes());
    assertEquals(ROWS, report.capacity());
  }

  @Test
  void shouldCountWhatATrainingStepTakes() {
    final PlanReport report =
        TrainPlan.dryRun(engine, NETWORK, Losses.softmaxCrossEntropy(), new Sgd(0.1), OPTIONS);
    long products = 0;
    long updates = 0;
    for (final PlanReport.StepReport step : report.steps()) {
      if (step.op().startsWith("matmul_")) { // backward
        products += step.flops();
      } else if (step.op().equals("sgd")) {
        updates += step.flops();
        assertEquals(3 * 4 * step.parameters(), step.bytes(), "p and g read, p written");
      }
    }
    final long weightGradients = 2L * 64 * 784 * 256 + 2L * 64 * 256 * 10;
    final long inputGradient = 2L * 64 * 256 * 10 + 64 * 256;
    assertEquals(weightGradients + inputGradient, products);
    assertEquals(2 * report.parameterCount(), updates);
    assertTrue(report.workspaceBytes() > report.predictWorkspaceBytes());
    assertEquals(report.workspaceBytes(), report.planBytes());
    assertEquals(report.parameterBytes() + report.workspaceBytes(), report.totalBytes());
  }

  @Test
  void shouldCountTheOptimizersState() {
    final long bytes = Parameters.bytes(NETWORK);
    assertEquals(bytes, stateBytes(new Momentum(0.1)));
    assertEquals(2 * bytes, stateBytes(new Adam(0.1)));
  }

  private long stateBytes(final Optimizer optimizer) {
    return TrainPlan.dryRun(engine, NETWORK, Losses.meanSquaredError(), optimizer, OPTIONS)
        .stateBytes();
  }

  @Test
  void shouldPrintATable() {
    final PlanReport report =
        TrainPlan.dryRun(engine, NETWORK, Losses.softmaxCrossEntropy(), new Adam(0.1), OPTIONS);
    final List<String> lines = report.toString().lines().toList();
    assertEquals(
        "train: input(784) dense(256,relu) dense(10), adam, up to 64 rows a run", lines.get(0));
    assertEquals(report.steps().size() + 4, lines.size());
    for (int i = 0; i < report.steps().size(); i++) {
      final PlanReport.StepReport step = report.steps().get(i);
      final String line = lines.get(i + 2);
      assertTrue(line.startsWith(step.op() + " "), line);
      assertTrue(line.contains(" " + step.shapes() + " "), line);
      assertTrue(line.contains(" " + step.flops() + " "), line);
      assertTrue(line.contains(" " + step.bytes() + " "), line);
      assertTrue(line.endsWith("  " + step.kernel()), line);
      final String by = step.op().startsWith("matmul") ? "java" : engine.backend().mode() + " ";
      assertTrue(step.kernel().startsWith(by), line);
    }
    assertEquals("parameters 203530; FLOPs a run " + report.flops(), lines.get(lines.size() - 2));
    assertEquals(
        "off-heap bytes: parameters "
            + report.parameterBytes()
            + " + state "
            + report.stateBytes()
            + " + workspace "
            + report.workspaceBytes()
            + " = "
            + report.totalBytes()
            + " (workspace of a predict plan: "
            + report.predictWorkspaceBytes()
            + ")",
        lines.get(lines.size() - 1));
  }
}
