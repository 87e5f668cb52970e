package dev.gradus.graph;

/** A node with its kernels chosen, waiting for memory. */
public interface Prepared {
  /** Kernel and backend for the report. */
  String kernel();

  /** Off-heap bytes needed during the step alone. */
  default long scratchBytes() {
    return 0;
  }

  /** Fixes the addresses. */
  Step bind(Placement placement);
}
