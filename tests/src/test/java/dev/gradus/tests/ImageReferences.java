package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Reshape;
import dev.gradus.memory.Shape;
import java.util.List;

/** Ops of images in double precision. */
final class ImageReferences {
  private ImageReferences() {}

  static List<RealTensor> reshape(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final Shape to = ((Reshape) op).shape();
    final Shape shape = to.isBatched() ? to.at(x.shape().dim(0)) : to;
    return List.of(RealTensor.of(shape, x.values()));
  }
}
