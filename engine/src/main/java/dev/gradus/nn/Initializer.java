package dev.gradus.nn;

import dev.gradus.memory.Tensor;

/**
 * How a parameter starts. Random ones take all randomness from a seed and a stream: the same pair,
 * the same bits.
 */
public interface Initializer {
  /**
   * Fills a tensor.
   *
   * @param fanIn inputs of each unit.
   * @param fanOut outputs each input feeds.
   * @param seed the model's seed.
   * @param stream this parameter's own stream of random numbers.
   */
  void fill(Tensor tensor, int fanIn, int fanOut, long seed, long stream);
}
