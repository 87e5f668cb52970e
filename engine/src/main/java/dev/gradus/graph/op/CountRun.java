package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * Counts the runs of a plan, for ops whose work differs from run to run. Input: the count (2),
 * which is overwritten once all readers in a run are done: a low part from 0 to 2^24 - 1 and how
 * often that has been full, so that floats hold it exactly. No outputs.
 */
public record CountRun() implements Op {
  /** Shape of a count; zeros are 0. */
  public static final Shape COUNT = Shape.of(2);

  static final TensorType TYPE = TensorType.float32(COUNT);

  private static final int LOW_BITS = 24;

  @Override
  public String name() {
    return "count_run";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireSame("input of " + name(), TYPE, inputs.get(0));
    return List.of();
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " has no output to differentiate");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        "count",
        placement -> {
          final long count = placement.input(0);
          return rows -> {
            final long next = at(count) + 1;
            OffHeap.setFloat(count, (float) (next & ((1L << LOW_BITS) - 1)));
            OffHeap.setFloat(count + Float.BYTES, (float) (next >>> LOW_BITS));
          };
        });
  }

  /** The count at an address. */
  static long at(final long address) {
    final long high = (long) OffHeap.getFloat(address + Float.BYTES);
    return (high << LOW_BITS) + (long) OffHeap.getFloat(address);
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  @Override
  public boolean mutates(final int input) {
    return input == 0;
  }
}
