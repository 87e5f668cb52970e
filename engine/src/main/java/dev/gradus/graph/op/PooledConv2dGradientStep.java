package dev.gradus.graph.op;

import dev.gradus.gemm.SparseConvolution;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.Sum;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * Computes {@link PooledConv2dGradient}: first the weights' patches, then the inputs' gradients,
 * image by image, and sums for weights and bias of parts of the images, then those are added.
 */
final class PooledConv2dGradientStep implements Step, ParallelTask {
  private enum Phase {
    PATCHES,
    INPUTS,
    WEIGHTS,
    SUMS
  }

  private final WorkerTeam team;
  private final SparseConvolution convolution;
  private final ConvGeometry geometry;
  private final WeightCut cut;
  private final Shape shape;
  private final int places; // of a pooled plane
  private final boolean dInput;
  private final BinaryKernel activation; // null for none
  private final BinaryKernel add;
  private final Fill fill;
  private final Sum sum;
  private final long x;
  private final long indices;
  private final long dY;
  private final long y;
  private final long weight;
  private final long dWeight;
  private final long dBias; // 0 where it is not wanted
  private final long dX;
  private final long patches;
  private final long sums; // by part, then by filter
  private final long biasSums; // the same
  private final long scratch;
  private int images;
  private Phase phase;

  private PooledConv2dGradientStep(
      final PooledConv2dGradient op,
      final Node node,
      final Backend backend,
      final SparseConvolution convolution,
      final int capacity,
      final Placement placement) {
    final Shape pooled = node.input(2).shape();
    this.team = backend.team();
    this.convolution = convolution;
    this.geometry = op.geometry(node.inputTypes());
    this.cut = WeightCut.of(geometry, geometry.filters());
    this.shape = pooled;
    this.places = pooled.dim(2) * pooled.dim(3);
    this.dInput = op.input();
    this.activation = op.activation() == null ? null : op.activation().gradient(backend.mode());
    this.add = Add.of(backend.mode());
    this.fill = Fill.of(backend.mode());
    this.sum = Sum.of(backend.mode());
    this.x = placement.input(0);
    this.indices = placement.input(1);
    this.dY = placement.input(2);
    this.y = activation == null ? 0 : placement.input(3);
    this.weight = dInput ? placement.input(node.inputs().size() - 1) : 0;
    this.dWeight = placement.output(0);
    this.dBias = op.bias() ? placement.output(1) : 0;
    this.dX = dInput ? placement.output(op.bias() ? 2 : 1) : 0;
    final int parts = cut.parts(images(capacity));
    this.patches = placement.scratch();
    this.sums = patches + (dInput ? patchBytes() : 0);
    this.biasSums = sums + parts * patchBytes();
    this.scratch = biasSums + biasBytes(op, geometry, parts);
  }

  static Prepared prepare(
      final PooledConv2dGradient op, final Node node, final Backend backend, final int capacity) {
    final ConvGeometry geometry = op.geometry(node.inputTypes());
    final Shape pooled = node.input(2).shape();
    final SparseConvolution convolution =
        SparseConvolution.of(
            backend.mode(),
            op.window(),
            geometry.channels(),
            geometry.height(),
            geometry.width(),
            op.input());
    final int parts =
        WeightCut.of(geometry, geometry.filters()).parts(ConvGeometry.images(pooled, capacity));
    final long patches = patchBytes(convolution, geometry) * (parts + (op.input() ? 1 : 0));
    final long own = workerBytes(convolution, geometry, pooled.dim(2) * pooled.dim(3));
    return new Prepared(
        backend.mode() + " sparse",
        patches + biasBytes(op, geometry, parts) + backend.team().threads() * own,
        placement ->
            new PooledConv2dGradientStep(op, node, backend, convolution, capacity, placement));
  }

  /** Patches of all filters. */
  private static long patchBytes(final SparseConvolution convolution, final ConvGeometry geometry) {
    return Slab.aligned((long) geometry.filters() * convolution.patchFloats() * Float.BYTES);
  }

  private long patchBytes() {
    return patchBytes(convolution, geometry);
  }

  private static long biasBytes(
      final PooledConv2dGradient op, final ConvGeometry geometry, final int parts) {
    return op.bias() ? Slab.aligned((long) parts * geometry.filters() * Float.BYTES) : 0;
  }

  private static long workerBytes(
      final SparseConvolution convolution, final ConvGeometry geometry, final int places) {
    return convolution.imageBytes()
        + convolution.turningBytes()
        + SparseConvolution.listBytes(places)
        + Slab.aligned((long) geometry.filters() * places * Float.BYTES);
  }

  private int images(final int rows) {
    return ConvGeometry.images(shape, rows);
  }

  @Override
  public void run(final int rows) {
    images = images(rows);
    run(Phase.PATCHES, dInput ? geometry.filters() : 0);
    run(Phase.INPUTS, dInput ? images : 0);
    run(Phase.WEIGHTS, cut.parts(images) * cut.blocks());
    run(Phase.SUMS, geometry.filters());
  }

  private void run(final Phase next, final int chunks) {
    phase = next;
    team.run(this, chunks);
  }

  @Override
  public void runChunk(final int chunk, final int worker) {
    final long own = scratch + worker * workerBytes(convolution, geometry, places);
    switch (phase) {
      case PATCHES -> convolution.toPatch(weights(weight, chunk), patch(patches, chunk));
      case INPUTS -> inputGradient(chunk, own);
      case WEIGHTS -> weightSums(chunk / cut.blocks(), chunk % cut.blocks(), own);
      case SUMS -> filterGradient(chunk);
    }
  }

  /** Bytes to a filter's plane of an image, behind the pooling. */
  private long pooled(final int image, final int filter) {
    return ((long) image * geometry.filters() + filter) * places * Float.BYTES;
  }

  private long patch(final long all, final int filter) {
    return all + (long) filter * convolution.patchFloats() * Float.BYTES;
  }

  private long weights(final long all, final int filter) {
    return all + (long) filter * geometry.patch() * Float.BYTES;
  }

  private long image(final long all, final int image) {
    return all + (long) image * geometry.channels() * geometry.plane() * Float.BYTES;
  }

  private void inputGradient(final int image, final long own) {
    final long turning = own + convolution.imageBytes();
    final long list = turning + convolution.turningBytes();
    final long values = values(image, 0, geometry.filters(), list);
    convolution.clear(own);
    for (int filter = 0; filter < geometry.filters(); filter++) {
      final int count = list(image, filter, values, list);
      convolution.addInputs(own, list, places, count, patch(patches, filter));
    }
    convolution.turnBack(own, image(dX, image), turning);
  }

  /**
   * What goes to the largest elements of an image, of some filters; in a worker's memory behind its
   * list where it is not dY itself. Returns where the first filter's would be.
   */
  private long values(final int image, final int from, final int to, final long list) {
    if (activation == null) {
      return dY + pooled(image, 0);
    }
    final long values = list + SparseConvolution.listBytes(places);
    final long first = pooled(image, from);
    final long count = (long) (to - from) * places;
    activation.run(y + first, dY + first, values + pooled(0, from), count);
    return values;
  }

  private int list(final int image, final int filter, final long values, final long list) {
    final long from = values + pooled(0, filter);
    return convolution.list(indices + pooled(image, filter), from, places, list);
  }

  /** The sums of a part of the images, for a block of filters. */
  private void weightSums(final int part, final int block, final long own) {
    final int from = cut.start(geometry.filters(), block);
    final int to = cut.start(geometry.filters(), block + 1);
    final long target = sums + part * patchBytes();
    final long bias = biasSums + (long) part * geometry.filters() * Float.BYTES;
    fill.run(patch(target, from), 0f, (long) (to - from) * convolution.patchFloats());
    if (dBias != 0) {
      fill.run(bias + (long) from * Float.BYTES, 0f, to - from);
    }
    final long turning = own + convolution.imageBytes();
    final long list = turning + convolution.turningBytes();
    final int parts = cut.parts(images);
    final int end = (int) ((long) images * (part + 1) / parts);
    for (int image = (int) ((long) images * part / parts); image < end; image++) {
      convolution.turn(image(x, image), own, turning);
      final long values = values(image, from, to, list);
      for (int filter = from; filter < to; filter++) {
        final int count = list(image, filter, values, list);
        convolution.addWeights(own, list, places, count, patch(target, filter));
        if (dBias != 0) {
          final long at = bias + (long) filter * Float.BYTES;
          final float here = sum.run(values + pooled(0, filter), places);
          OffHeap.setFloat(at, OffHeap.getFloat(at) + here);
        }
      }
    }
  }

  /** Adds up what the parts have for a filter. */
  private void filterGradient(final int filter) {
    final long target = patch(sums, filter);
    float total = 0f;
    for (int part = 0; part < cut.parts(images); part++) {
      if (part > 0) {
        final long other = patch(sums + part * patchBytes(), filter);
        add.run(target, other, target, convolution.patchFloats());
      }
      if (dBias != 0) {
        final long at = (long) part * geometry.filters() + filter;
        total += OffHeap.getFloat(biasSums + at * Float.BYTES);
      }
    }
    convolution.fromPatch(target, weights(dWeight, filter));
    if (dBias != 0) {
      OffHeap.setFloat(dBias + (long) filter * Float.BYTES, total);
    }
  }
}
