package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transpose of {@link MaxPool}: each element of dY goes to where the largest element of its
 * window lay, added to what is there, beginning with 0.
 */
public abstract class MaxPoolGradient {
  private MaxPoolGradient() {}

  /** For windows over planes of that size, as {@link MaxPool#of}. */
  public static MaxPoolGradient of(
      final KernelMode mode, final Window window, final int height, final int width) {
    final MaxPoolGradient apart =
        mode == KernelMode.VECTOR ? Apart.of(window, height, width) : null;
    return apart == null ? new Scatter(mode, window, height, width) : apart;
  }

  /**
   * Writes one plane.
   *
   * @param indices int32, {@code row * width + column} in the window of each element of dY.
   * @param dY what goes there.
   * @param dX (height, width).
   */
  public abstract void run(long indices, long dY, long dX);

  /**
   * Windows that do not overlap: an element lies in one or in none. So dX is written once, vector
   * after vector: each lane gets its window's dY where its place is the window's index, else 0.
   * Which windows a vector needs, and which of them a lane, is laid down beforehand. Vectors may
   * overlap: where a row ends, as the next may belong to windows too far away, and at the end.
   */
  private static final class Apart extends MaxPoolGradient {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;
    private static final long BYTES = Float.BYTES;

    /** Of a plane: larger ones would need tables of more than 768 KiB. */
    private static final long MOST_ELEMENTS = 1 << 20;

    private final int[] places; // of each vector's first lane
    private final int[] windows; // the first of those that it loads
    private final VectorShuffle<Float>[] spread;
    private final IntVector lanes;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private Apart(final List<Integer> places, final List<Integer> firsts, final int[] owners) {
      this.places = places.stream().mapToInt(Integer::intValue).toArray();
      this.windows = firsts.stream().mapToInt(Integer::intValue).toArray();
      this.spread = new VectorShuffle[this.places.length];
      this.lanes = IntVector.zero(I).addIndex(1);
      final Map<List<Integer>, VectorShuffle<Float>> shuffles = new HashMap<>();
      for (int i = 0; i < spread.length; i++) {
        final List<Integer> sources = new ArrayList<>();
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          sources.add(Math.max(0, owners[this.places[i] + lane] - windows[i]));
        }
        spread[i] =
            shuffles.computeIfAbsent(
                sources, key -> VectorShuffle.fromOp(F, lane -> key.get(lane)));
      }
    }

    /** Null where windows overlap, a vector would need too many, or the plane is too large. */
    static Apart of(final Window window, final int height, final int width) {
      if ((long) height * width > MOST_ELEMENTS) {
        return null;
      }
      final int[] owners = owners(window, height, width);
      final int count = window.vertical().output(height) * window.horizontal().output(width);
      if (owners == null || count < Lanes.COUNT) {
        return null;
      }
      final List<Integer> places = new ArrayList<>();
      final List<Integer> firsts = new ArrayList<>();
      int next = 0;
      while (next < owners.length) {
        int place = Math.min(next, owners.length - Lanes.COUNT);
        int first = first(owners, place, count);
        while (first < 0) {
          place--;
          if (place <= next - Lanes.COUNT || place < 0) {
            return null;
          }
          first = first(owners, place, count);
        }
        places.add(place);
        firsts.add(first);
        next = place + Lanes.COUNT;
      }
      return new Apart(places, firsts, owners);
    }

    /** The window of each element, -1 for none; null where windows overlap. */
    private static int[] owners(final Window window, final int height, final int width) {
      final WindowAxis vertical = window.vertical();
      final WindowAxis horizontal = window.horizontal();
      if (vertical.extent() > vertical.stride() || horizontal.extent() > horizontal.stride()) {
        return null;
      }
      final int[] owners = new int[height * width];
      Arrays.fill(owners, -1);
      final int columns = horizontal.output(width);
      for (int o = 0; o < vertical.output(height) * columns; o++) {
        final int top = o / columns * vertical.stride() - vertical.before();
        final int left = o % columns * horizontal.stride() - horizontal.before();
        final int bottom = Math.min(height, top + vertical.extent());
        final int right = Math.min(width, left + horizontal.extent());
        for (int y = Math.max(0, top); y < bottom; y++) {
          Arrays.fill(owners, y * width + Math.max(0, left), y * width + right, o);
        }
      }
      return owners;
    }

    /** The first of a vector's windows to load, so that all are loaded; -1 where that can't be. */
    private static int first(final int[] owners, final int place, final int count) {
      int least = count - Lanes.COUNT;
      int most = 0;
      for (int i = place; i < place + Lanes.COUNT; i++) {
        least = owners[i] < 0 ? least : Math.min(least, owners[i]);
        most = Math.max(most, owners[i]);
      }
      return most - least < Lanes.COUNT ? least : -1;
    }

    @Override
    public void run(final long indices, final long dY, final long dX) {
      final FloatVector zero = FloatVector.zero(F);
      for (int i = 0; i < places.length; i++) {
        final long from = windows[i] * BYTES;
        final VectorShuffle<Float> shuffle = spread[i];
        final IntVector index =
            FloatVector.fromMemorySegment(F, ALL, indices + from, ORDER)
                .rearrange(shuffle)
                .reinterpretAsInts();
        final FloatVector value =
            FloatVector.fromMemorySegment(F, ALL, dY + from, ORDER).add(zero).rearrange(shuffle);
        zero.blend(value, lanes.add(places[i]).eq(index).cast(F))
            .intoMemorySegment(ALL, dX + places[i] * BYTES, ORDER);
      }
    }
  }

  /** Any windows. */
  private static final class Scatter extends MaxPoolGradient {
    private final Fill fill;
    private final long size;
    private final long windows;

    Scatter(final KernelMode mode, final Window window, final int height, final int width) {
      this.fill = Fill.of(mode);
      this.size = (long) height * width;
      this.windows = (long) window.vertical().output(height) * window.horizontal().output(width);
    }

    @Override
    public void run(final long indices, final long dY, final long dX) {
      fill.run(dX, 0f, size);
      for (long o = 0; o < windows * Float.BYTES; o += Float.BYTES) {
        final long at = dX + (long) OffHeap.getInt(indices + o) * Float.BYTES;
        OffHeap.setFloat(at, OffHeap.getFloat(at) + OffHeap.getFloat(dY + o));
      }
    }
  }
}
