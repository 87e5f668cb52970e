package dev.gradus.tools.text;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/**
 * A stretch of text cut into as many streams as a batch has rows, each of which goes on in the next
 * batch where it stopped: what a layer that carries its state wants. Targets are the characters
 * that come next.
 */
final class Streams {
  private final Characters text;
  private final int from;
  private final int streamLength;
  private final int batch;
  private final int steps;

  /** The characters {@code from} (inclusive) to {@code to} (exclusive). */
  Streams(final Characters text, final int from, final int to, final int batch, final int steps) {
    this.text = text;
    this.from = from;
    this.batch = batch;
    this.steps = steps;
    this.streamLength = (to - from - 1) / batch;
    if (streamLength < steps) {
      throw GradusException.outOfRange(
          "characters for " + batch + " streams of " + steps + " steps",
          batch * (long) steps + 1 + " or more",
          to - from);
    }
  }

  /** The number of batches; characters that don't fill one more are left out. */
  int batches() {
    return streamLength / steps;
  }

  /** Copies a batch: (rows, steps) of characters and of those that follow. */
  void copy(final int number, final Tensor input, final Tensor target) {
    for (int row = 0; row < batch; row++) {
      final int start = from + row * streamLength + number * steps;
      for (int step = 0; step < steps; step++) {
        final long at = (long) row * steps + step;
        input.setInt(at, text.at(start + step));
        target.setInt(at, text.at(start + step + 1));
      }
    }
  }
}
