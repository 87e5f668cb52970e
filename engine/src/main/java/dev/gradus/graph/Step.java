package dev.gradus.graph;

/** One pre-bound piece of a plan. Runs allocate nothing. */
public interface Step {
  /** Computes for a batch of {@code rows}, 1 up to the capacity it was prepared for. */
  void run(int rows);
}
