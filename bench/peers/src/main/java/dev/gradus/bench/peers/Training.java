package dev.gradus.bench.peers;

/** One engine that trains a {@link ModelTask}, from the task's weights, on its resident batch. */
interface Training extends AutoCloseable {
  /** Forward, loss, backward and update; returns the loss before the update. */
  float step();

  /** Sets the learning rate of the steps to come. */
  void learningRate(double rate);

  @Override
  void close();
}
