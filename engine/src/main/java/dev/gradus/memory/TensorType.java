package dev.gradus.memory;

/** What a tensor holds: the element type and the shape. */
public record TensorType(DType dtype, Shape shape) {
  public static TensorType float32(final Shape shape) {
    return new TensorType(DType.FLOAT32, shape);
  }

  public static TensorType int32(final Shape shape) {
    return new TensorType(DType.INT32, shape);
  }

  /**
   * Bytes for a batch of {@code rows}.
   *
   * @throws GradusException where they are more than a long can count.
   */
  public long bytes(final int rows) {
    final long elements = shape.elements(rows);
    if (elements > Long.MAX_VALUE / DType.BYTES) {
      throw GradusException.outOfRange("bytes of " + this, "below 2^63", "more");
    }
    return elements * DType.BYTES;
  }

  @Override
  public String toString() {
    return (dtype == DType.FLOAT32 ? "f32" : "i32") + shape;
  }
}
