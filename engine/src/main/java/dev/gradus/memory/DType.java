package dev.gradus.memory;

/** Element types. All take four bytes, so that element counts and float counts agree. */
public enum DType {
  /** IEEE 754 single precision. */
  FLOAT32,
  /** Two's complement, for class indices. */
  INT32;

  /** Bytes of one element. */
  public static final int BYTES = 4;
}
