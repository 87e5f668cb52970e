package dev.gradus.bench.peers;

/** One engine that predicts with the weights of a {@link ModelTask}. */
interface Prediction extends AutoCloseable {
  /**
   * From an array of features to an array of logits, as a service would call it.
   *
   * @param features (batch, INPUTS).
   * @param logits (batch, CLASSES), written.
   */
  void predict(float[] features, float[] logits);

  @Override
  void close();
}
