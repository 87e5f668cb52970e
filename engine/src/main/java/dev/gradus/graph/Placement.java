package dev.gradus.graph;

/** The raw addresses a step works on, 64-byte aligned. */
public interface Placement {
  long input(int index);

  long output(int index);

  /** {@link Prepared#scratchBytes()} bytes, of undefined content. */
  long scratch();
}
