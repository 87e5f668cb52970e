package dev.gradus.graph.op;

import dev.gradus.graph.Step;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * A step over a range of equal units (elements, rows, columns) that are independent of each other.
 * The range is cut into chunks by its length and the batch alone.
 */
public abstract class RangeStep implements Step, ParallelTask {
  /**
   * Floats worth handing to another thread: 16 Ki take about 2 microseconds at cache speed, as long
   * as waking and waiting for a thread that spins.
   */
  private static final int CHUNK_FLOATS = 16 * 1024;

  /**
   * Chunks begin at multiples of this many units, so that no two threads write to one cache line of
   * elements.
   */
  private static final int CHUNK_MULTIPLE = 16;

  private final WorkerTeam team;
  private int rows;
  private long units;
  private long unitsPerChunk;

  protected RangeStep(final WorkerTeam team) {
    this.team = team;
  }

  /** Units for a batch of {@code rows}. */
  protected abstract long units(int rows);

  /** Floats touched for each unit. */
  protected abstract long floatsPerUnit(int rows);

  /** Floats of a chunk, at least. */
  protected int chunkFloats(final int rows) {
    return CHUNK_FLOATS;
  }

  /** Chunks begin at multiples of this many units; 1 where a unit is many cache lines. */
  protected int chunkMultiple() {
    return CHUNK_MULTIPLE;
  }

  /**
   * Computes units {@code from} (inclusive) to {@code to} (exclusive) of a batch of {@code rows}.
   */
  protected abstract void range(long from, long to, int rows);

  @Override
  public void run(final int batchRows) {
    rows = batchRows;
    units = units(batchRows);
    final long worth = Math.max(1, chunkFloats(batchRows) / floatsPerUnit(batchRows));
    final long multiple = chunkMultiple();
    unitsPerChunk = (worth + multiple - 1) / multiple * multiple;
    team.run(this, (int) ((units + unitsPerChunk - 1) / unitsPerChunk));
  }

  @Override
  public final void runChunk(final int chunk, final int worker) {
    final long from = chunk * unitsPerChunk;
    range(from, Math.min(units, from + unitsPerChunk), rows);
  }
}
