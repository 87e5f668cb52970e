package dev.gradus.tests;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.memory.DType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prepares and binds one op as a plan does, but to guarded buffers of its own, runs it, and
 * compares with the reference. What is behind the run's rows, outputs and scratch are NaN before;
 * an input must have the same bits behind unless the op mutates it.
 */
final class KernelCheck {
  private final Sample sample;
  private final Node node;
  private final int rows;
  private final long seed;
  private final List<double[]> inputs;
  private final List<RealTensor> expected;
  private final List<String> faults = new ArrayList<>();

  /**
   * Computes what is expected.
   *
   * @param rows of the run, at most the sample's capacity.
   */
  KernelCheck(final Sample sample, final int rows, final long seed) {
    this.sample = sample;
    this.node = sample.apply(new Graph());
    this.rows = rows;
    this.seed = seed;
    this.inputs = sample.draw(seed, rows);
    final List<RealTensor> operands = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      operands.add(
          RealTensor.of(RealTensor.bound(sample.types().get(i), rows), inputs.get(i).clone()));
    }
    this.expected = Interpreter.evaluate(sample.op(), operands);
  }

  /** What was wrong in all runs so far, in words. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Runs with an output of its own; returns the bits of all results. */
  List<int[]> run(final Backend backend) {
    return run(backend, -1);
  }

  /**
   * Runs with the output that may overwrite an input in the place of each such; the bits must not
   * differ.
   */
  void runInPlace(final Backend backend, final List<int[]> bits) {
    for (int input = 0; input < inputs.size(); input++) {
      final boolean allowed =
          !node.outputs().isEmpty()
              && node.op().canOverwrite(input)
              && node.input(input).type().equals(node.outputs().get(node.op().heir()).type());
      if (allowed) {
        requireSame("in place of input " + input, bits, run(backend, input));
      }
    }
  }

  /** Notes a fault where two runs have other bits. */
  void requireSame(final String what, final List<int[]> bits, final List<int[]> others) {
    for (int i = 0; i < bits.size(); i++) {
      final int at = Arrays.mismatch(bits.get(i), others.get(i));
      if (at >= 0) {
        fault(
            "result "
                + i
                + "["
                + at
                + "] "
                + what
                + ": expected="
                + Float.intBitsToFloat(bits.get(i)[at])
                + ", actual="
                + Float.intBitsToFloat(others.get(i)[at]));
      }
    }
  }

  private List<int[]> run(final Backend backend, final int overwritten) {
    final Prepared prepared = node.op().prepare(node, backend, sample.capacity());
    try (Arena arena = Arena.ofConfined()) {
      final Buffers buffers = new Buffers(arena, prepared.scratchBytes(), overwritten);
      final Step step = prepared.binder().apply(buffers);
      step.run(rows);
      buffers.check();
      final List<int[]> bits = buffers.results();
      for (int i = 0; i < bits.size(); i++) {
        final boolean whole =
            i < node.outputs().size() && node.outputs().get(i).type().dtype() == DType.INT32;
        compare(prepared.kernel() + " result " + i, expected.get(i), bits.get(i), whole);
      }
      return bits;
    }
  }

  private void compare(
      final String what, final RealTensor reference, final int[] bits, final boolean whole) {
    for (int i = 0; i < bits.length; i++) {
      final double actual = whole ? bits[i] : Float.intBitsToFloat(bits[i]);
      if (!(Math.abs(actual - reference.at(i)) <= reference.tolerance(i))) {
        fault(
            what
                + "["
                + i
                + "]: expected="
                + reference.at(i)
                + " within "
                + reference.tolerance(i)
                + ", actual="
                + actual);
        return;
      }
    }
  }

  private void fault(final String what) {
    faults.add(what + " (" + sample + ", rows=" + rows + ", seed=" + seed + ")");
  }

  /** The memory of one run. */
  private final class Buffers implements Placement {
    private final List<GuardedBuffer> in = new ArrayList<>();
    private final List<GuardedBuffer> out = new ArrayList<>();
    private final GuardedBuffer scratch;
    private final List<int[]> before = new ArrayList<>();
    private final int overwritten;

    Buffers(final Arena arena, final long scratchBytes, final int overwritten) {
      this.overwritten = overwritten;
      for (int i = 0; i < inputs.size(); i++) {
        final Value value = node.input(i);
        final GuardedBuffer buffer = buffer(arena, value, i);
        if (value.type().dtype() == DType.INT32) {
          for (long element = 0; element < buffer.elements(); element++) {
            buffer.setBits(element, 0); // an index must not lead astray
          }
        }
        buffer.write(value.type().dtype(), inputs.get(i));
        in.add(buffer);
        before.add(buffer.bits((int) buffer.elements()));
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        out.add(
            i == 0 && node.op().isView()
                ? in.get(0)
                : i == node.op().heir() && overwritten >= 0
                    ? in.get(overwritten)
                    : buffer(arena, node.outputs().get(i), 16 + i));
      }
      this.scratch = new GuardedBuffer(arena, (scratchBytes + DType.BYTES - 1) / DType.BYTES, 32);
    }

    private GuardedBuffer buffer(final Arena arena, final Value value, final int tag) {
      return new GuardedBuffer(arena, value.shape().elements(sample.capacity()), tag);
    }

    @Override
    public long input(final int index) {
      return in.get(index).address();
    }

    @Override
    public long output(final int index) {
      return out.get(index).address();
    }

    @Override
    public long scratch() {
      return scratch.address();
    }

    void check() {
      for (int i = 0; i < in.size(); i++) {
        checkGuard("input " + i, in.get(i));
        final boolean fixed = i != overwritten && !node.op().mutates(i);
        final int at = Arrays.mismatch(before.get(i), in.get(i).bits((int) in.get(i).elements()));
        if (fixed && at >= 0) {
          fault("input " + i + "[" + at + "] was changed");
        }
      }
      for (int i = 0; i < out.size(); i++) {
        checkGuard("output " + i, out.get(i));
      }
      checkGuard("scratch", scratch);
    }

    private void checkGuard(final String what, final GuardedBuffer buffer) {
      final Long broken = buffer.brokenGuard();
      if (broken != null) {
        fault(what + " was written outside, at " + broken + " of " + buffer.elements());
      }
    }

    /** Outputs, and behind them the inputs that the op mutates. */
    List<int[]> results() {
      final List<int[]> results = new ArrayList<>();
      for (final GuardedBuffer buffer : out) {
        results.add(buffer.bits(expected.get(results.size()).length()));
      }
      for (int i = 0; i < in.size(); i++) {
        if (node.op().mutates(i)) {
          results.add(in.get(i).bits(expected.get(results.size()).length()));
        }
      }
      return results;
    }
  }
}
