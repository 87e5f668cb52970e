package dev.gradus.gemm;

import dev.gradus.kernel.Fma;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Window;
import dev.gradus.memory.OffHeap;

/** {@link SparseConvolution} without SIMD. */
final class ScalarSparseConvolution extends SparseConvolution {
  ScalarSparseConvolution(
      final Window window,
      final int channels,
      final int height,
      final int width,
      final boolean inputs) {
    super(KernelMode.SCALAR, window, channels, height, width, inputs);
  }

  @Override
  public int list(final long indices, final long values, final int places, final long list) {
    int count = 0;
    for (long i = 0; i < (long) places * Float.BYTES; i += Float.BYTES) {
      final float value = OffHeap.getFloat(values + i);
      if (value != 0f) {
        final int index = OffHeap.getInt(indices + i);
        final int bytes = index / columns * rowBytes + index % columns * columnBytes;
        final long at = list + (long) count * Float.BYTES;
        OffHeap.setInt(at, bytes);
        OffHeap.setFloat(at + valuesAt(places), value);
        count++;
      }
    }
    return count;
  }

  @Override
  public void addWeights(
      final long image, final long list, final int places, final int count, final long sums) {
    final long values = list + valuesAt(places);
    for (int i = 0; i < patchFloats(); i++) {
      final long from = image + offsets[i / BLOCK] + (long) (i % BLOCK) * Float.BYTES;
      final long to = sums + (long) i * Float.BYTES;
      float even = OffHeap.getFloat(to);
      float odd = 0f;
      for (int place = 0; place < count; place++) {
        final long at = (long) place * Float.BYTES;
        final float x = OffHeap.getFloat(from + OffHeap.getInt(list + at));
        final float value = OffHeap.getFloat(values + at);
        if ((place & 1) == 0) {
          even = Fma.of(x, value, even);
        } else {
          odd = Fma.of(x, value, odd);
        }
      }
      OffHeap.setFloat(to, even + odd);
    }
  }

  @Override
  public void addInputs(
      final long image, final long list, final int places, final int count, final long weights) {
    final long values = list + valuesAt(places);
    int end = 0;
    for (int block = 0; block < offsets.length; block = end) {
      end = block + GROUP <= offsets.length ? block + GROUP : block + 1;
      final int from = block * BLOCK;
      final int to = end * BLOCK;
      for (int place = 0; place < count; place++) {
        final long left = (long) place * Float.BYTES;
        final long patch = image + OffHeap.getInt(list + left);
        final float value = OffHeap.getFloat(values + left);
        for (int i = from; i < to; i++) {
          final long at = patch + offsets[i / BLOCK] + (long) (i % BLOCK) * Float.BYTES;
          final float weight = OffHeap.getFloat(weights + (long) i * Float.BYTES);
          OffHeap.setFloat(at, Fma.of(weight, value, OffHeap.getFloat(at)));
        }
      }
    }
  }

  @Override
  void turn(
      final long from,
      final int fromRow,
      final int rows,
      final int columns,
      final long to,
      final int toRow,
      final long square) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        final long source = from + ((long) row * fromRow + column) * Float.BYTES;
        final long target = to + ((long) column * toRow + row) * Float.BYTES;
        OffHeap.setFloat(target, OffHeap.getFloat(source));
      }
    }
  }

  @Override
  void toBlocks(final long from, final int right, final long to) {
    final long run = (long) runFloats * Float.BYTES;
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < window.vertical().size(); row++) {
        final long source = from + ((long) column * right + (long) row * rowFloats) * Float.BYTES;
        OffHeap.copy(source, to + column * BLOCK_BYTES + row * run, run);
      }
    }
  }
}
