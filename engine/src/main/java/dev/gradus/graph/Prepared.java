package dev.gradus.graph;

import java.util.function.Function;

/**
 * A node with its kernels chosen, waiting for memory.
 *
 * @param kernel kernel and backend, for the report.
 * @param scratchBytes off-heap bytes needed during the step alone.
 * @param binder makes the step once the addresses are known.
 */
public record Prepared(String kernel, long scratchBytes, Function<Placement, Step> binder) {
  /** A node that needs no scratch. */
  public Prepared(final String kernel, final Function<Placement, Step> binder) {
    this(kernel, 0, binder);
  }
}
