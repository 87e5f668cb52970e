package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.DropoutMask;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y = x * mask}, where the mask is 0 with probability {@code rate}, else {@code 1 / (1 -
 * rate)}, another in every run. Inputs: x and the count of runs, see {@link CountRun}. Outputs: y
 * and the mask. Element {@code i} of the mask of run {@code n} is a function of seed, stream, n and
 * i alone.
 *
 * <p>The mask is kept for the gradient rather than drawn again: to read four bytes from cache takes
 * a tenth of the time of ten rounds of Philox.
 *
 * @param repeat how many neighbouring elements share a factor; divides the elements of a row.
 * @param stream 0 to 65,534, another for each use in a graph.
 */
public record Dropout(long repeat, double rate, long seed, long stream) implements Op {
  /** Above the streams that initialisers and shuffles use; the count of runs is below. */
  private static final int STREAM_SHIFT = 48;

  public Dropout {
    requireRate("dropout", rate);
    if (repeat < 1) {
      throw GradusException.outOfRange("repeat of dropout", "1 or more", repeat);
    }
    if (stream < 0 || stream >= (1 << Short.SIZE) - 1) {
      throw GradusException.outOfRange("stream of dropout", "0 to 65534", stream);
    }
  }

  /** Checks a rate for the layer of that name. */
  public static void requireRate(final String name, final double rate) {
    // What would round to a factor of 0 or 1 for all.
    if (!(rate >= 0x1p-24 && rate <= 1 - 0x1p-24)) {
      throw GradusException.outOfRange("rate of " + name, "above 0 and below 1", rate);
    }
  }

  @Override
  public String name() {
    return "dropout";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireFloat("first input of " + name(), inputs.get(0));
    Types.requireSame("count of " + name(), CountRun.TYPE, inputs.get(1));
    final long row = inputs.get(0).shape().elements(1);
    if (row % repeat != 0) {
      throw GradusException.mismatch("repeat of " + name(), "a divisor of " + row, repeat);
    }
    return List.of(inputs.get(0), inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return Arrays.asList(graph.apply(new Multiply(), dOutputs.get(0), node.outputs().get(1)), null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " philox",
        placement -> new Groups(this, node.output().shape(), backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  /** Units are groups of factors. */
  private static final class Groups extends RangeStep {
    /** A factor takes as long as this many floats in a simple loop. */
    private static final long COST = 16;

    private final Dropout op;
    private final Shape shape;
    private final dev.gradus.kernel.DropoutMask kernel;
    private final Fill fill;
    private final BinaryKernel multiply;
    private final long firstStream;
    private final long count;
    private final long x;
    private final long y;
    private final long mask;

    Groups(final Dropout op, final Shape shape, final Backend backend, final Placement placement) {
      super(backend.team());
      this.op = op;
      this.shape = shape;
      this.kernel = DropoutMask.of(backend.mode(), op.rate);
      this.fill = Fill.of(backend.mode());
      this.multiply = dev.gradus.kernel.Multiply.of(backend.mode());
      this.firstStream = (op.stream + 1) << STREAM_SHIFT;
      this.count = placement.input(1);
      this.x = placement.input(0);
      this.y = placement.output(0);
      this.mask = placement.output(1);
    }

    private long factors(final int rows) {
      return shape.elements(rows) / op.repeat;
    }

    @Override
    protected long units(final int rows) {
      final int group = DropoutMask.GROUP;
      return (factors(rows) + group - 1) / group;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return DropoutMask.GROUP * (COST + op.repeat);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long stream = firstStream + CountRun.at(count);
      final long first = from * DropoutMask.GROUP;
      final long end = Math.min(to * DropoutMask.GROUP, factors(rows));
      if (op.repeat == 1) {
        kernel.run(op.seed, stream, mask, first, end);
      } else {
        for (long i = first; i < end; i++) {
          final long at = mask + i * op.repeat * Float.BYTES;
          fill.run(at, kernel.factor(op.seed, stream, i), op.repeat);
        }
      }
      final long offset = first * op.repeat * Float.BYTES;
      multiply.run(x + offset, mask + offset, y + offset, (end - first) * op.repeat);
    }
  }
}
