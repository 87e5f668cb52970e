package dev.gradus.gemm;

import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.UnaryKernel;

/**
 * The elementwise part of an {@link Epilogue} over a block of C: {@code c = f(c)} or {@code c = c *
 * f'(y)}, row by row, or at once where rows follow each other without a gap. A bias is not added
 * here.
 */
public final class EpiloguePass {
  private final UnaryKernel forward;
  private final BinaryKernel gradient;

  /** Chooses the kernels; the epilogue may be any, {@link Epilogue#NONE} included. */
  public EpiloguePass(final Epilogue epilogue, final KernelMode mode) {
    final boolean isForward = epilogue.kind() == Epilogue.Kind.FORWARD;
    this.forward =
        isForward && epilogue.activation() != null ? epilogue.activation().forward(mode) : null;
    this.gradient =
        epilogue.kind() == Epilogue.Kind.GRADIENT ? epilogue.activation().gradient(mode) : null;
  }

  /**
   * Runs over a block.
   *
   * @param row bytes between rows of both C and Y.
   * @param y the same element of Y as {@code c} of C; ignored in the forward direction.
   */
  public void run(final long c, final long y, final long row, final int rows, final int columns) {
    final boolean adjacent = row == (long) columns * Float.BYTES;
    final int runs = adjacent ? 1 : rows;
    final long count = adjacent ? (long) rows * columns : columns;
    if (forward != null) {
      for (int i = 0; i < runs; i++) {
        forward.run(c + i * row, c + i * row, count);
      }
    } else if (gradient != null) {
      for (int i = 0; i < runs; i++) {
        gradient.run(y + i * row, c + i * row, c + i * row, count);
      }
    }
  }
}
