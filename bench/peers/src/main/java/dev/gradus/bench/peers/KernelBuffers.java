package dev.gradus.bench.peers;

import dev.gradus.bench.kernel.Loops;
import dev.gradus.kernel.KernelMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;

/** The buffers that {@link Loops} goes through, and tensors of the same numbers. */
final class KernelBuffers implements AutoCloseable {
  final int elements; // of each
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory;

  KernelBuffers(final int elements) {
    this.elements = elements;
    this.memory = arena.allocate((long) Loops.BUFFERS * elements * Float.BYTES, 64);
    Loops.fill(memory.address(), elements);
  }

  /** The first numbers of a buffer, as many as there are. */
  void read(final int buffer, final float[] to) {
    final long offset = (long) buffer * elements * Float.BYTES;
    MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, offset, to, 0, to.length);
  }

  /** A tensor of a buffer's first numbers. */
  Tensor tensor(final int buffer, final long... shape) {
    long count = 1;
    for (final long size : shape) {
      count *= size;
    }
    final float[] values = new float[Math.toIntExact(count)];
    read(buffer, values);
    return Tensor.create(values, shape);
  }

  /** Rows of {@value Loops#COLUMNS}. */
  Tensor rows(final int buffer) {
    return tensor(buffer, elements / Loops.COLUMNS, Loops.COLUMNS);
  }

  /** Runs Gradus' kernel of that name. */
  void run(final String kernel, final float rate) {
    Loops.of(kernel, KernelMode.VECTOR, rate).run(memory.address(), elements, 0, elements);
  }

  @Override
  public void close() {
    arena.close();
  }
}
