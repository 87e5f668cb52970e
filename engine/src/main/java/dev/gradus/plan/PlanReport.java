package dev.gradus.plan;

import java.util.List;
import java.util.Locale;

/**
 * What a plan does and takes, known before any of its memory is allocated.
 *
 * @param title train, gradients or predict, and the network.
 * @param capacity the most rows of a run; FLOPs and bytes are for that many.
 * @param steps in the order they run.
 * @param parameterCount learned floats.
 * @param parameterBytes off-heap bytes of the parameters, which plans share.
 * @param stateBytes off-heap bytes of what the optimizer keeps.
 * @param workspaceBytes off-heap bytes for everything else, laid out by liveness: the peak.
 * @param predictWorkspaceBytes the workspace of a predict plan of the same network and capacity.
 */
public record PlanReport(
    String title,
    int capacity,
    List<StepReport> steps,
    long parameterCount,
    long parameterBytes,
    long stateBytes,
    long workspaceBytes,
    long predictWorkspaceBytes) {

  public PlanReport {
    steps = List.copyOf(steps);
  }

  /**
   * One step.
   *
   * @param shapes inputs and outputs.
   * @param parameters learned floats it reads.
   * @param flops for a full batch.
   * @param bytes read and written for a full batch.
   */
  public record StepReport(
      String op, String shapes, long parameters, long flops, long bytes, String kernel) {
    /** Floating-point operations for each byte. */
    public double intensity() {
      return bytes == 0 ? 0 : (double) flops / bytes;
    }
  }

  /** Off-heap bytes that compiling this plan allocates, the parameters apart. */
  public long planBytes() {
    return stateBytes + workspaceBytes;
  }

  /** Off-heap bytes with the parameters. */
  public long totalBytes() {
    return parameterBytes + planBytes();
  }

  /** Floating-point operations of one run of a full batch. */
  public long flops() {
    return steps.stream().mapToLong(StepReport::flops).sum();
  }

  /** A table of the steps and the sums below it. */
  @Override
  public String toString() {
    int opWidth = 2;
    int shapeWidth = 6;
    for (final StepReport step : steps) {
      opWidth = Math.max(opWidth, step.op.length());
      shapeWidth = Math.max(shapeWidth, step.shapes.length());
    }
    final String row = "%-" + opWidth + "s  %-" + shapeWidth + "s  %10s  %12s  %12s  %9s  %s%n";
    final StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%s, up to %d rows a run%n", title, capacity));
    text.append(
        String.format(
            Locale.ROOT,
            row,
            "op",
            "shapes",
            "parameters",
            "FLOPs",
            "bytes",
            "FLOP/byte",
            "kernel"));
    for (final StepReport step : steps) {
      text.append(
          String.format(
              Locale.ROOT,
              row,
              step.op,
              step.shapes,
              step.parameters == 0 ? "-" : Long.toString(step.parameters),
              step.flops,
              step.bytes,
              String.format(Locale.ROOT, "%.2f", step.intensity()),
              step.kernel));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "parameters %d; FLOPs a run %d%noff-heap bytes: parameters %d + state %d + workspace %d"
                + " = %d (workspace of a predict plan: %d)%n",
            parameterCount,
            flops(),
            parameterBytes,
            stateBytes,
            workspaceBytes,
            totalBytes(),
            predictWorkspaceBytes));
    return text.toString();
  }
}
