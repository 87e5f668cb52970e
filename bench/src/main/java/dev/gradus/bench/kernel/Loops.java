package dev.gradus.bench.kernel;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.AdamUpdate;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.AveragePool;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.MaxPool;
import dev.gradus.kernel.Moments;
import dev.gradus.kernel.MomentumUpdate;
import dev.gradus.kernel.SgdUpdate;
import dev.gradus.kernel.Softmax;
import dev.gradus.kernel.SoftmaxCrossEntropy;
import dev.gradus.kernel.Standardize;
import dev.gradus.kernel.Sum;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.kernel.Window;
import dev.gradus.memory.OffHeap;
import dev.gradus.nn.Activations;

/**
 * A kernel over ranges of up to four buffers that lie one behind the other.
 *
 * @param streams floats read and written for each element.
 * @param buffers how many of the four it touches.
 * @param flops floating-point operations for each element where they are few and plain, else 0.
 */
record Loops(Range range, double streams, int buffers, int flops) {
  /** Elements of a row of softmax, where it is the rows that count. */
  static final int COLUMNS = 1024;

  /** Of a plane that is pooled. */
  private static final int SIDE = 32;

  private static final Window HALVES = Window.square(2, 2, 0, 1);
  private static final float TINY_RATE = 1e-8f;

  /** Runs over elements {@code [from, from + count)}. */
  private interface Range {
    /**
     * Runs.
     *
     * @param a address of the range in the first buffer; in the next it is {@code stride} bytes on.
     */
    void run(long a, long stride, long count);
  }

  /** Runs over a range of buffers of {@code elements} each. */
  void run(final long address, final long elements, final long from, final long count) {
    range.run(address + from * Float.BYTES, elements * Float.BYTES, count);
  }

  static Loops of(final String name, final KernelMode mode) {
    return switch (name) {
      case "add" -> {
        final BinaryKernel add = Add.of(mode);
        yield new Loops((a, s, count) -> add.run(a, a + s, a + 2 * s, count), 3, 3, 1);
      }
      case "sum" -> {
        final Sum sum = Sum.of(mode);
        yield new Loops((a, s, count) -> OffHeap.setFloat(a, sum.run(a, count) * 1e-9f), 1, 1, 1);
      }
      case "softmax" -> {
        final Softmax softmax = Softmax.of(mode);
        yield new Loops((a, s, count) -> softmax.run(a, a + s, count / COLUMNS, COLUMNS), 2, 2, 0);
      }
      case "cross-entropy" -> crossEntropy(mode);
      case "standardize" -> {
        final Standardize standardize = Standardize.of(mode);
        yield new Loops((a, s, count) -> standardize.run(a, 0.5f, 2f, 0.1f, a + s, count), 2, 2, 3);
      }
      case "sgd" -> {
        final SgdUpdate sgd = SgdUpdate.of(mode);
        yield new Loops((a, s, count) -> sgd.run(a, a + s, count, TINY_RATE, 0f), 3, 2, 2);
      }
      case "momentum" -> {
        final MomentumUpdate momentum = MomentumUpdate.of(mode);
        yield new Loops(
            (a, s, count) -> momentum.run(a, a + s, a + 2 * s, count, TINY_RATE, 0.9f, false, 0f),
            5,
            3,
            4);
      }
      case "adam" -> adam(mode, 1f);
      case "adamw" -> adam(mode, 1f - TINY_RATE);
      case "layer-norm" -> layerNorm(mode);
      case "max-pool" -> {
        final MaxPool pool = MaxPool.of(mode, HALVES, SIDE, SIDE);
        yield new Loops(
            (a, s, count) -> {
              for (long i = 0; i < count; i += COLUMNS) {
                final long quarter = i * Float.BYTES / 4;
                pool.run(a + i * Float.BYTES, a + s + quarter, a + 2 * s + quarter);
              }
            },
            1.5,
            2,
            0);
      }
      case "average-pool" -> {
        final AveragePool pool = new AveragePool(HALVES, false, SIDE, SIDE);
        yield new Loops(
            (a, s, count) -> {
              for (long i = 0; i < count; i += COLUMNS) {
                pool.run(a + i * Float.BYTES, a + s + i * Float.BYTES / 4);
              }
            },
            1.25,
            2,
            1);
      }
      default -> activation(name, mode);
    };
  }

  private static Loops activation(final String name, final KernelMode mode) {
    final String suffix = "-gradient";
    if (name.endsWith(suffix)) {
      final Activation f = Activations.byName(name.substring(0, name.length() - suffix.length()));
      final BinaryKernel gradient = f.gradient(mode);
      return new Loops((a, s, count) -> gradient.run(a, a + s, a + 2 * s, count), 3, 3, 0);
    }
    final UnaryKernel forward = Activations.byName(name).forward(mode);
    return new Loops((a, s, count) -> forward.run(a, a + s, count), 2, 2, 0);
  }

  /** Labels lie in the third buffer, where the first run turns what is there into class 0. */
  private static Loops crossEntropy(final KernelMode mode) {
    final SoftmaxCrossEntropy kernel = SoftmaxCrossEntropy.of(mode);
    return new Loops(
        (a, s, count) -> {
          final long rows = count / COLUMNS;
          for (long r = 0; r < rows; r++) {
            OffHeap.setInt(a + 2 * s + r * Integer.BYTES, (int) (r % COLUMNS));
          }
          kernel.run(a, a + 2 * s, a + s, a + 3 * s, rows, COLUMNS);
        },
        2,
        2,
        0);
  }

  /** Scale and shift are the first row of the third and fourth buffer. */
  private static Loops layerNorm(final KernelMode mode) {
    final Moments moments = Moments.of(mode);
    final Standardize standardize = Standardize.of(mode);
    return new Loops(
        (a, s, count) -> {
          for (long x = a; x < a + count * Float.BYTES; x += COLUMNS * Float.BYTES) {
            final double mean = moments.sum(x, COLUMNS) / COLUMNS;
            final double variance = moments.squares(x, COLUMNS, (float) mean) / COLUMNS;
            final float factor = (float) (1 / Math.sqrt(variance + 1e-5));
            standardize.run(x, (float) mean, factor, a + 2 * s, a + 3 * s, x + s, COLUMNS);
          }
        },
        2,
        2,
        8);
  }

  /** The gradient is the first buffer, then come parameters and the two moments. */
  private static Loops adam(final KernelMode mode, final float keep) {
    final AdamUpdate kernel = AdamUpdate.of(mode);
    final float[] scalars = {0.1f, 0.999f, 0.001f, 0f, keep, TINY_RATE, 0f, 1e-8f};
    return new Loops((a, s, count) -> kernel.run(a + s, a, a + 2 * s, s, count, scalars), 7, 4, 13);
  }
}
