package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tests know of one kind of op: samples, reference, which inputs have gradients, and what
 * it refuses.
 */
final class OpRow {
  private final Class<? extends Op> kind;
  private final Reference reference;
  private final List<Sample> samples = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private List<Integer> differentiable = List.of();

  /**
   * Inputs that don't fit.
   *
   * @param message the error's whole text.
   */
  record Refusal(Op op, List<TensorType> types, String message) {
    Refusal {
      types = List.copyOf(types);
    }
  }

  OpRow(final Class<? extends Op> kind, final Reference reference) {
    this.kind = kind;
    this.reference = reference;
  }

  /** Adds samples. */
  OpRow samples(final List<Sample> more) {
    samples.addAll(more);
    return this;
  }

  /** Says with respect to which inputs the op has a gradient; none unless said. */
  OpRow differentiable(final Integer... inputs) {
    differentiable = List.of(inputs);
    return this;
  }

  /** Adds inputs that the op refuses. */
  OpRow refuses(final String message, final Op op, final TensorType... types) {
    refusals.add(new Refusal(op, List.of(types), message));
    return this;
  }

  Class<? extends Op> kind() {
    return kind;
  }

  Reference reference() {
    return reference;
  }

  List<Sample> samples() {
    return List.copyOf(samples);
  }

  List<Refusal> refusals() {
    return List.copyOf(refusals);
  }

  List<Integer> differentiable() {
    return differentiable;
  }

  @Override
  public String toString() {
    return kind.getSimpleName();
  }
}
