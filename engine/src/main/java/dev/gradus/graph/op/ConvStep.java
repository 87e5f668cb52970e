package dev.gradus.graph.op;

import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Step;
import dev.gradus.kernel.WindowColumns;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * What the three products of a convolution have in common: images as matrices of columns, a band of
 * output rows at a time, in a worker's own scratch, and the product of such a matrix. Where the
 * window is a point the images themselves are the matrices.
 */
abstract class ConvStep implements Step, ParallelTask {
  final WorkerTeam team;
  final ConvGeometry geometry;
  final WindowColumns columns;
  final boolean point;
  final long pitch;
  final int bands;
  private final GemmKernel kernel;
  private final long scratch;
  private final long columnBytes;
  private final long workerBytes;

  /**
   * Takes its share of the scratch.
   *
   * @param scratch {@link #scratchBytes} bytes.
   */
  ConvStep(
      final Backend backend,
      final ConvGeometry geometry,
      final GemmKernel kernel,
      final long scratch) {
    this.team = backend.team();
    this.geometry = geometry;
    this.columns =
        WindowColumns.of(backend.mode(), geometry.window(), geometry.height(), geometry.width());
    this.point = geometry.window().isPoint();
    this.pitch = pitch(geometry);
    this.bands = geometry.bands();
    this.kernel = kernel;
    this.scratch = scratch;
    this.columnBytes = columnBytes(geometry);
    this.workerBytes = columnBytes + Slab.aligned(kernel.scratchBytes());
  }

  /** Floats from row to row of the matrix of columns. */
  static int pitch(final ConvGeometry geometry) {
    return geometry.window().isPoint()
        ? Math.toIntExact(geometry.plane())
        : geometry.bandPositions();
  }

  private static long columnBytes(final ConvGeometry geometry) {
    return geometry.window().isPoint()
        ? 0
        : Slab.aligned((long) geometry.patch() * geometry.bandPositions() * Float.BYTES);
  }

  static long scratchBytes(
      final Backend backend, final ConvGeometry geometry, final GemmKernel kernel) {
    return (columnBytes(geometry) + Slab.aligned(kernel.scratchBytes())) * backend.team().threads();
  }

  static GemmKernel prepare(final Backend backend, final GemmSpec spec) {
    return backend.gemm().prepare(spec, backend.team().threads(), backend.mode());
  }

  /** A worker's matrix of columns. */
  final long columnsOf(final int worker) {
    return scratch + worker * workerBytes;
  }

  /** A product on one worker. */
  final void multiply(
      final int worker,
      final int m,
      final int n,
      final int k,
      final long a,
      final long b,
      final long c) {
    kernel.run(worker, m, n, k, a, b, c, 0, columnsOf(worker) + columnBytes);
  }

  /** The address of a plane of images of {@code planes} planes of {@code floats} each. */
  static long planeAt(
      final long images, final int image, final int planes, final int plane, final long floats) {
    return images + ((long) image * planes + plane) * floats * Float.BYTES;
  }

  static int images(final Shape shape, final int rows) {
    return ConvGeometry.images(shape, rows);
  }
}
