package dev.gradus.plan;

import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.kernel.NonFinite;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Steps bound to memory: the loop that runs them, and the guard around it. The last pass of the
 * compiler.
 */
final class BoundPlan implements AutoCloseable {
  /** Engine, parameters, workspace and state. */
  private static final int HELD = 4;

  private final Engine engine;
  private final Compilation compilation;
  private final Parameters parameters;
  private final Views views;
  private final int capacity;
  private final Slab state;
  private final Slab workspace;
  private final Step[] steps;
  private final AtomicBoolean running = new AtomicBoolean();

  BoundPlan(
      final Engine engine,
      final Compilation compilation,
      final Parameters parameters,
      final int capacity) {
    this.engine = engine;
    this.compilation = compilation;
    this.parameters = parameters;
    this.views = Views.of(compilation.nodes());
    this.capacity = capacity;
    this.steps = new Step[compilation.nodes().size()];
    engine.requireOpen();
    requireParameters();
    this.state = Slab.open(engine.account(), "optimizer state", compilation.stateBytes());
    Slab opened = null;
    try {
      opened =
          Slab.open(engine.account(), "workspace of the plan", compilation.workspace().bytes());
      this.workspace = opened;
      bind();
    } catch (final RuntimeException | Error e) {
      if (opened != null) {
        opened.close();
      }
      state.close();
      throw e;
    }
  }

  private void bind() {
    for (int i = 0; i < steps.length; i++) {
      steps[i] = compilation.prepared().get(i).binder().apply(new Addresses(i));
    }
    for (final Value value : compilation.workspace().offsets().keySet()) {
      if (value.role() == Value.Role.CONSTANT) {
        OffHeap.setFloat(address(value), value.constant());
      }
    }
  }

  private void requireParameters() {
    for (final Node node : compilation.nodes()) {
      for (final Value value : node.inputs()) {
        if (value.role() == Value.Role.PARAMETER) {
          parameters.address(value.name(), value.shape());
        }
      }
    }
  }

  /** The tensor of a placed value, with room for {@code capacity} rows. */
  Tensor tensor(final Value value) {
    final TensorType full = new TensorType(value.type().dtype(), value.shape().at(capacity));
    return workspace.tensor(compilation.workspace().offsets().get(value), full);
  }

  void requireRows(final int rows) {
    if (rows < 1 || rows > capacity) {
      throw GradusException.outOfRange("rows of a run", "1 to " + capacity, rows);
    }
  }

  /** Keeps all memory open and others out, until {@link #end}. */
  void begin() {
    if (!running.compareAndSet(false, true)) {
      throw new GradusException(
          "plan is in use: expected=one run at a time, actual=a run in progress");
    }
    int acquired = 0;
    try {
      engine.acquire();
      acquired++;
      parameters.slab().acquire();
      acquired++;
      workspace.acquire();
      acquired++;
      state.acquire();
      acquired++;
    } finally {
      if (acquired < HELD) {
        release(acquired);
      }
    }
  }

  void end() {
    release(HELD);
  }

  /** Gives back the first {@code count} of what {@link #begin} acquires. */
  private void release(final int count) {
    if (count > 3) {
      state.release();
    }
    if (count > 2) {
      workspace.release();
    }
    if (count > 1) {
      parameters.slab().release();
    }
    if (count > 0) {
      engine.release();
    }
    running.set(false);
  }

  /** Runs all steps; between {@link #begin} and {@link #end}. */
  void runSteps(final int rows) {
    runSteps(0, steps.length, rows);
  }

  /** Runs some of the steps; between {@link #begin} and {@link #end}. */
  void runSteps(final int from, final int to, final int rows) {
    for (int i = from; i < to; i++) {
      steps[i].run(rows);
    }
  }

  /** The number of steps after which a value is computed. */
  int stepsUntil(final Value value) {
    int count = 1;
    while (!compilation.nodes().get(count - 1).outputs().contains(value)) {
      count++;
    }
    return count;
  }

  int steps() {
    return steps.length;
  }

  /** Parameters of the same content, in memory of their own. */
  Parameters copyParameters() {
    begin();
    try {
      return parameters.copy(engine);
    } finally {
      end();
    }
  }

  /**
   * Runs the first steps once more and tells where the first NaN or infinity is, or null where
   * there is none; between {@link #begin} and {@link #end}.
   */
  String firstNonFinite(final int count, final int rows) {
    for (int i = 0; i < count; i++) {
      final Node node = compilation.nodes().get(i);
      for (final Value input : node.inputs()) {
        if (input.role() != Value.Role.COMPUTED && isNonFinite(input, rows)) {
          return (input.role() == Value.Role.PARAMETER ? "parameter " : "") + input;
        }
      }
      steps[i].run(rows);
      for (final Value output : node.outputs()) {
        if (isNonFinite(output, rows)) {
          return node.op().name() + ", step " + (i + 1) + " of the plan, " + output;
        }
      }
    }
    return null;
  }

  private boolean isNonFinite(final Value value, final int rows) {
    return value.type().dtype() == DType.FLOAT32
        && NonFinite.of(engine.backend().mode())
                .firstIndex(address(value), value.shape().elements(rows))
            >= 0;
  }

  /** Zeros what rows of a batch have handed on to the next run. */
  void resetState() {
    begin();
    try {
      for (final Value value : compilation.states()) {
        if (value.shape().isBatched()) {
          final long offset = compilation.stateOffsets().get(value);
          state.segment().asSlice(offset, value.type().bytes(capacity)).fill((byte) 0);
        }
      }
    } finally {
      end();
    }
  }

  /** Starts states with the content of parameters: each key's in its value. */
  void fillStates(final Map<Value, Value> states) {
    states.forEach(
        (parameter, copy) ->
            OffHeap.copy(address(parameter), address(copy), parameter.type().bytes(1)));
  }

  /**
   * Copies all parameters, but states in the place of some; between {@link #begin} and {@link
   * #end}.
   */
  void copyParameters(final Map<Value, Value> states, final Parameters target) {
    target.copyFrom(parameters);
    target.slab().acquire();
    try {
      states.forEach(
          (parameter, copy) ->
              OffHeap.copy(
                  address(copy),
                  target.address(parameter.name(), parameter.shape()),
                  parameter.type().bytes(1)));
    } finally {
      target.slab().release();
    }
  }

  private long address(final Value used) {
    final Value value = views.root(used);
    return switch (value.role()) {
      case PARAMETER -> parameters.address(value.name(), value.shape());
      case STATE -> state.segment().address() + compilation.stateOffsets().get(value);
      case INPUT, CONSTANT, COMPUTED ->
          workspace.segment().address() + compilation.workspace().offsets().get(value);
    };
  }

  @Override
  public void close() {
    if (!running.compareAndSet(false, true)) {
      throw new GradusException(
          "plan is in use: expected=no run in progress, actual=a run in progress");
    }
    try {
      workspace.close();
      state.close();
    } finally {
      running.set(false);
    }
  }

  private final class Addresses implements Placement {
    private final int index;

    Addresses(final int index) {
      this.index = index;
    }

    @Override
    public long input(final int position) {
      return address(compilation.nodes().get(index).input(position));
    }

    @Override
    public long output(final int position) {
      return address(compilation.nodes().get(index).outputs().get(position));
    }

    @Override
    public long scratch() {
      return workspace.segment().address() + compilation.workspace().scratchOffsets().get(index);
    }
  }
}
