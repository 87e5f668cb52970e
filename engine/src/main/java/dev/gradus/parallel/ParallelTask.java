package dev.gradus.parallel;

/** Work cut into numbered chunks that may run on any thread, at the same time, in any order. */
public interface ParallelTask {
  /**
   * Runs one chunk.
   *
   * @param chunk 0 up to the number of chunks.
   * @param worker the member of the team that runs it, 0 up to its size: an index into scratch
   *     memory.
   */
  void runChunk(int chunk, int worker);
}
