package dev.gradus.plan;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Scope;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A layer that passes its input on, and holds up a run there when told to: for tests of what may
 * happen during a run.
 */
final class Gate implements Layer {
  private final AtomicBoolean shut = new AtomicBoolean();
  private volatile CountDownLatch reached;
  private volatile CountDownLatch opened;

  /** The next run that comes here will wait; those behind it pass. */
  void shut() {
    reached = new CountDownLatch(1);
    opened = new CountDownLatch(1);
    shut.set(true);
  }

  /** Returns when a run waits. */
  void awaitRun() {
    await(reached);
  }

  /** Lets the run go on. */
  void open() {
    shut.set(false);
    opened.countDown();
  }

  private void pass() {
    if (shut.getAndSet(false)) {
      reached.countDown();
      await(opened);
    }
  }

  private static void await(final CountDownLatch latch) {
    try {
      latch.await();
    } catch (final InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    return scope.graph().apply(new Pass(this), input);
  }

  @Override
  public String describe() {
    return "gate()";
  }

  private record Pass(Gate gate) implements Op {
    @Override
    public String name() {
      return "gate";
    }

    @Override
    public List<TensorType> outputs(final List<TensorType> inputs) {
      return inputs;
    }

    @Override
    public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
      return dOutputs;
    }

    @Override
    public Prepared prepare(final Node node, final Backend backend, final int capacity) {
      return new Prepared("gate", placement -> bind(node, placement));
    }

    private Step bind(final Node node, final Placement placement) {
      final long from = placement.input(0);
      final long to = placement.output(0);
      return rows -> {
        gate.pass();
        OffHeap.copy(from, to, node.output().type().bytes(rows));
      };
    }

    @Override
    public long flops(final Node node, final int rows) {
      return 0;
    }
  }
}
