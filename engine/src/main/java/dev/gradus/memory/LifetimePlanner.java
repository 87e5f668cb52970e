package dev.gradus.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lays blocks with known lifetimes into one slab so that blocks alive at the same step don't share
 * bytes.
 *
 * <ul>
 *   <li>No layout can be smaller than the most bytes alive at one step.
 *   <li>Blocks are placed one by one, each at the lowest offset free during its life: once in order
 *       of size, once in order of birth.
 *   <li>A third try places in order of birth into a slab of exactly the lower bound, from the
 *       bottom and from the top in turn: a chain, where each block meets only its neighbours,
 *       always fits.
 *   <li>The smallest of the three is taken.
 * </ul>
 *
 * Source: greedy by size as in Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
 * Inference", 2020.
 */
public final class LifetimePlanner {
  private LifetimePlanner() {}

  /**
   * Where each block lies.
   *
   * @param offsets one for each lifetime, in bytes, multiples of {@link Slab#ALIGNMENT}.
   * @param bytes the slab's size.
   */
  public record Layout(List<Long> offsets, long bytes) {
    public Layout {
      offsets = List.copyOf(offsets);
    }
  }

  /** The most bytes alive at one step, each block rounded up to {@link Slab#ALIGNMENT}. */
  public static long lowerBound(final List<Lifetime> lifetimes) {
    long most = 0;
    for (final Lifetime at : lifetimes) { // the maximum is reached where some block is born
      long alive = 0;
      for (final Lifetime other : lifetimes) {
        if (other.first() <= at.first() && at.first() <= other.last()) {
          alive = Slab.sum(alive, Slab.aligned(other.bytes()));
        }
      }
      most = Math.max(most, alive);
    }
    return most;
  }

  /** Finds a layout. */
  public static Layout place(final List<Lifetime> lifetimes) {
    final long bound = lowerBound(lifetimes);
    final Comparator<Block> bySize =
        Comparator.comparingLong((Block block) -> -block.bytes)
            .thenComparingInt(block -> block.index);
    final Comparator<Block> byBirth =
        Comparator.comparingInt((Block block) -> block.life.first())
            .thenComparingLong(block -> -block.bytes)
            .thenComparingInt(block -> block.index);
    Layout best = null;
    for (final Layout layout :
        List.of(
            lowestFirst(blocks(lifetimes, bySize)),
            lowestFirst(blocks(lifetimes, byBirth)),
            twoEnded(blocks(lifetimes, byBirth), bound))) {
      if (best == null || layout.bytes < best.bytes) {
        best = layout;
      }
    }
    return best;
  }

  private static List<Block> blocks(final List<Lifetime> lifetimes, final Comparator<Block> order) {
    final List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lifetimes.size(); i++) {
      blocks.add(new Block(i, lifetimes.get(i)));
    }
    blocks.sort(order);
    return blocks;
  }

  private static Layout lowestFirst(final List<Block> blocks) {
    final List<Block> placed = new ArrayList<>();
    for (final Block block : blocks) {
      block.offset = lowestFree(block, placed);
      placed.add(block);
    }
    return layout(blocks);
  }

  private static Layout twoEnded(final List<Block> blocks, final long capacity) {
    final List<Block> placed = new ArrayList<>();
    boolean fromTop = false;
    for (final Block block : blocks) {
      final long top = fromTop ? highestFree(block, placed, capacity) : -1;
      block.offset = top >= 0 ? top : lowestFree(block, placed);
      placed.add(block);
      fromTop = !fromTop;
    }
    return layout(blocks);
  }

  /** The lowest offset at which the block meets no placed block of an overlapping life. */
  private static long lowestFree(final Block block, final List<Block> placed) {
    long offset = 0;
    for (boolean moved = true; moved; ) {
      moved = false;
      for (final Block other : placed) {
        if (other.collides(block, offset)) {
          offset = other.offset + other.bytes;
          moved = true;
        }
      }
    }
    return offset;
  }

  /** The highest such offset below {@code capacity}, or a negative number. */
  private static long highestFree(
      final Block block, final List<Block> placed, final long capacity) {
    long offset = capacity - block.bytes;
    for (boolean moved = true; moved && offset >= 0; ) {
      moved = false;
      for (final Block other : placed) {
        if (other.collides(block, offset)) {
          offset = other.offset - block.bytes;
          moved = true;
        }
      }
    }
    return offset;
  }

  private static Layout layout(final List<Block> blocks) {
    final Long[] offsets = new Long[blocks.size()];
    long bytes = 0;
    for (final Block block : blocks) {
      offsets[block.index] = block.offset;
      bytes = Math.max(bytes, block.offset + block.bytes);
    }
    return new Layout(List.of(offsets), bytes);
  }

  private static final class Block {
    final int index;
    final Lifetime life;
    final long bytes;
    long offset;

    Block(final int index, final Lifetime life) {
      this.index = index;
      this.life = life;
      this.bytes = Slab.aligned(life.bytes());
    }

    boolean collides(final Block candidate, final long candidateOffset) {
      return life.overlaps(candidate.life)
          && offset < candidateOffset + candidate.bytes
          && candidateOffset < offset + bytes;
    }
  }
}
