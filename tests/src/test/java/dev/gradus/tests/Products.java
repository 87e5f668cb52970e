package dev.gradus.tests;

import dev.gradus.memory.Shape;

/** Sums of products; a sum of k of them is off by k + 2 roundings of their magnitudes at most. */
final class Products {
  private final double[] sums;
  private final double[] magnitudes;
  private final int[] counts;

  Products(final Shape shape) {
    final int length = Math.toIntExact(shape.elements(1));
    this.sums = new double[length];
    this.magnitudes = new double[length];
    this.counts = new int[length];
  }

  void add(final int index, final double product) {
    sums[index] += product;
    magnitudes[index] += Math.abs(product);
    counts[index]++;
  }

  /** Adding zeros to a sum, as padding does, changes nothing. */
  RealTensor sums(final Shape shape) {
    final RealTensor tensor = RealTensor.zeros(shape);
    for (int i = 0; i < sums.length; i++) {
      tensor.set(i, sums[i], (counts[i] + 2) * magnitudes[i]);
    }
    return tensor;
  }
}
