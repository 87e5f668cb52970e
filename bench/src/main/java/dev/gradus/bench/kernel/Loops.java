package dev.gradus.bench.kernel;

import dev.gradus.bench.work.Work;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.AdamUpdate;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.AveragePool;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.MaxPool;
import dev.gradus.kernel.MomentumUpdate;
import dev.gradus.kernel.SgdUpdate;
import dev.gradus.kernel.Softmax;
import dev.gradus.kernel.SoftmaxCrossEntropy;
import dev.gradus.kernel.SoftmaxCrossEntropyGradient;
import dev.gradus.kernel.Standardize;
import dev.gradus.kernel.Sum;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.kernel.Window;
import dev.gradus.memory.OffHeap;
import dev.gradus.nn.Activations;
import java.util.SplittableRandom;

/**
 * A kernel over ranges of up to four buffers that lie one behind the other.
 *
 * @param read floats for each element that are read alone.
 * @param written floats for each element that are written alone.
 * @param updated floats for each element that are read and written.
 * @param flops floating-point operations for each element where they are few and plain, else 0.
 */
public record Loops(Range range, double read, double written, double updated, int flops) {
  /** Elements of a row of softmax, where it is the rows that count, and of a plane. */
  public static final int COLUMNS = 1024;

  /** Of a plane that is pooled. */
  public static final int SIDE = 32;

  /** How many buffers there are for {@link #run}. */
  public static final int BUFFERS = 4;

  private static final Window HALVES = Window.square(2, 2, 0, 1);

  /** The rate of updates that are timed: none moves a parameter. */
  private static final float TINY_RATE = 1e-8f;

  /** A part of a kernel's work. */
  @FunctionalInterface
  interface Range {
    /**
     * Runs over elements {@code [from, from + count)} of buffers of {@code elements}, one behind
     * the other.
     */
    void run(long address, long elements, long from, long count);
  }

  /** A part whose elements depend on no others. */
  @FunctionalInterface
  interface Stretch {
    /**
     * Runs over {@code count} elements.
     *
     * @param a address of the first in the first buffer; in the next it is {@code stride} bytes on.
     */
    void run(long a, long stride, long count);
  }

  static Loops of(
      final Stretch stretch,
      final double read,
      final double written,
      final double updated,
      final int flops) {
    return new Loops(
        (address, elements, from, count) ->
            stretch.run(address + from * Float.BYTES, elements * Float.BYTES, count),
        read,
        written,
        updated,
        flops);
  }

  /** Runs over a range of whole rows of {@link #COLUMNS}. */
  public void run(final long address, final long elements, final long from, final long count) {
    range.run(address, elements, from, count);
  }

  /** Fills buffers with numbers up to 2 in magnitude, those of the last one from 0 to 4. */
  public static void fill(final long address, final long elements) {
    final SplittableRandom random = new SplittableRandom(1);
    for (long i = 0; i < BUFFERS * elements; i++) {
      // Second moments must not be negative; all else takes any number.
      final boolean positive = i >= (BUFFERS - 1) * elements;
      final float value = (float) random.nextDouble() * 4f;
      OffHeap.setFloat(address + i * Float.BYTES, positive ? value : value - 2f);
    }
  }

  /** What is read and written of so many elements. */
  Work.Bytes bytes(final long elements) {
    return new Work.Bytes(read, written, updated).times((double) elements * Float.BYTES);
  }

  /** The bytes of what is touched for so many elements, at most. */
  double footprint(final long elements) {
    return (read + written + updated) * elements * Float.BYTES;
  }

  /**
   * The kernel of that name: an activation, its {@code -gradient}, or one of those below.
   *
   * @throws dev.gradus.memory.GradusException where there is none.
   */
  public static Loops of(final String name, final KernelMode mode) {
    return of(name, mode, TINY_RATE);
  }

  /**
   * The kernel of that name.
   *
   * @param rate of updates.
   */
  public static Loops of(final String name, final KernelMode mode, final float rate) {
    return switch (name) {
      case "add" -> {
        final BinaryKernel add = Add.of(mode);
        yield of((a, s, count) -> add.run(a, a + s, a + 2 * s, count), 2, 1, 0, 1);
      }
      case "sum" -> {
        final Sum sum = Sum.of(mode);
        yield of((a, s, count) -> OffHeap.setFloat(a + s, sum.run(a, count)), 1, 0, 0, 1);
      }
      case "softmax" -> {
        final Softmax softmax = Softmax.of(mode);
        yield of((a, s, count) -> softmax.run(a, a + s, count / COLUMNS, COLUMNS), 1, 1, 0, 0);
      }
      case "cross-entropy" -> crossEntropy(mode);
      case "standardize" -> {
        final Standardize standardize = Standardize.of(mode);
        yield of((a, s, count) -> standardize.run(a, 0.5f, 2f, 0.1f, a + s, count), 1, 1, 0, 3);
      }
      case "sgd" -> {
        final SgdUpdate sgd = SgdUpdate.of(mode);
        yield of((a, s, count) -> sgd.run(a, a + s, count, rate, 0f), 1, 0, 1, 2);
      }
      case "momentum" -> {
        final MomentumUpdate momentum = MomentumUpdate.of(mode);
        yield of(
            (a, s, count) -> momentum.run(a, a + s, a + 2 * s, count, rate, 0.9f, false, 0f),
            1,
            0,
            2,
            4);
      }
      case "adam" -> adam(mode, 1f, rate);
      case "adamw" -> adam(mode, 1f - rate, rate);
      case "layer-norm" -> NormLoops.layer(mode);
      case "batch-norm" -> NormLoops.batch(mode);
      case "max-pool" -> {
        final MaxPool pool = MaxPool.of(mode, HALVES, SIDE, SIDE);
        yield of(
            (a, s, count) -> {
              for (long i = 0; i < count; i += COLUMNS) {
                final long quarter = i * Float.BYTES / 4;
                pool.run(a + i * Float.BYTES, a + s + quarter, a + 2 * s + quarter);
              }
            },
            1,
            0.5,
            0,
            0);
      }
      case "average-pool" -> {
        final AveragePool pool = AveragePool.of(mode, HALVES, false, SIDE, SIDE);
        yield of(
            (a, s, count) -> {
              for (long i = 0; i < count; i += COLUMNS) {
                pool.run(a + i * Float.BYTES, a + s + i * Float.BYTES / 4);
              }
            },
            1,
            0.25,
            0,
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
      return of((a, s, count) -> gradient.run(a, a + s, a + 2 * s, count), 2, 1, 0, 0);
    }
    final UnaryKernel forward = Activations.byName(name).forward(mode);
    return of((a, s, count) -> forward.run(a, a + s, count), 1, 1, 0, 0);
  }

  /**
   * Losses of rows and their mean's gradient, which takes the place of the probabilities in the
   * second buffer, as in a plan. Labels and the gradient of each row's loss lie in the third, where
   * the first run turns what is there into classes; losses in the fourth.
   */
  private static Loops crossEntropy(final KernelMode mode) {
    final SoftmaxCrossEntropy kernel = SoftmaxCrossEntropy.of(mode);
    final SoftmaxCrossEntropyGradient gradient = SoftmaxCrossEntropyGradient.of(mode);
    return of(
        (a, s, count) -> {
          final long rows = count / COLUMNS;
          final long labels = a + 2 * s;
          final long dRows = labels + rows * Integer.BYTES;
          for (long r = 0; r < rows; r++) {
            OffHeap.setInt(labels + r * Integer.BYTES, (int) (r % COLUMNS));
            OffHeap.setFloat(dRows + r * Float.BYTES, 1f / rows);
          }
          kernel.run(a, labels, a + s, a + 3 * s, rows, COLUMNS);
          gradient.run(a + s, labels, dRows, a + s, rows, COLUMNS);
        },
        1,
        1,
        1,
        0);
  }

  /** The gradient is the first buffer, then come parameters and the two moments. */
  private static Loops adam(final KernelMode mode, final float keep, final float rate) {
    final AdamUpdate kernel = AdamUpdate.of(mode);
    final float[] scalars = {0.1f, 0.999f, 0.001f, 0f, keep, rate, 0f, 1e-8f};
    return of((a, s, count) -> kernel.run(a + s, a, a + 2 * s, s, count, scalars), 1, 0, 3, 13);
  }
}
