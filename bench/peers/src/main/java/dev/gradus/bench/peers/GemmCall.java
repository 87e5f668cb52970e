package dev.gradus.bench.peers;

/** One library with the operands of a {@link GemmTask} in its hands. */
interface GemmCall extends AutoCloseable {
  /** Computes C once. */
  void multiply();

  /** C of the last call, (m, n). */
  float[] result();

  @Override
  void close();
}
