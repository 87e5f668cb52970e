package dev.gradus.kernel;

/** Which form of every kernel runs. */
public enum KernelMode {
  /** SIMD through the Vector API. */
  VECTOR,
  /** Plain Java loops: slower, the same results bit for bit. */
  SCALAR;

  @Override
  public String toString() {
    return this == VECTOR ? "vector" : "scalar";
  }
}
