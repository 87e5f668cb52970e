package dev.gradus.memory;

/** What a tensor holds: the element type and the shape. */
public record TensorType(DType dtype, Shape shape) {
  public static TensorType float32(final Shape shape) {
    return new TensorType(DType.FLOAT32, shape);
  }

  public static TensorType int32(final Shape shape) {
    return new TensorType(DType.INT32, shape);
  }

  /** Bytes for a batch of {@code rows}. */
  public long bytes(final int rows) {
    return Math.multiplyExact(shape.elements(rows), (long) DType.BYTES);
  }

  @Override
  public String toString() {
    return (dtype == DType.FLOAT32 ? "f32" : "i32") + shape;
  }
}
