package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An IDX file of unsigned bytes: two zero bytes, the element type (8), the number of dimensions,
 * the dimensions as big-endian 32-bit numbers, the elements, and nothing after them.
 *
 * <p>Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
 */
final class IdxFile {
  /** The most bytes an array takes on every JVM. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final int UNSIGNED_BYTE = 8;
  private static final int MAX_RANK = 8;

  private final int[] dims;
  private final byte[] values;

  private IdxFile(final int[] dims, final byte[] values) {
    this.dims = dims;
    this.values = values;
  }

  /** All 1 or more; the first counts the items. */
  int[] dims() {
    return dims;
  }

  /** The elements, row-major. */
  byte[] values() {
    return values;
  }

  /** Whether a file begins like an IDX file of unsigned bytes. */
  static boolean isIdx(final Path file) {
    final byte[] head = DataFile.head(file, 4);
    return head.length == 4 && head[0] == 0 && head[1] == 0 && head[2] == UNSIGNED_BYTE;
  }

  /**
   * Reads a file.
   *
   * @param minRank the fewest dimensions it may have.
   * @param maxRank the most.
   * @throws GradusException where it is anything else than exactly what its header says.
   */
  static IdxFile read(final Path file, final int minRank, final int maxRank) {
    return DataFile.read(file, in -> read(file, in, minRank, Math.min(maxRank, MAX_RANK)));
  }

  private static IdxFile read(
      final Path file, final InputStream in, final int minRank, final int maxRank)
      throws IOException {
    final byte[] magic = header(file, in, 4);
    final int rank = magic[3];
    if (magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTE) {
      throw GradusException.mismatch(
          "magic of IDX file " + file,
          "00 00 08 and the number of dimensions",
          String.format("%02x %02x %02x %02x", magic[0], magic[1], magic[2], magic[3]));
    }
    if (rank < minRank || rank > maxRank) {
      final String expected = minRank == maxRank ? "" + minRank : minRank + " to " + maxRank;
      throw GradusException.mismatch("dimensions of IDX file " + file, expected, rank);
    }
    final ByteBuffer sizes = ByteBuffer.wrap(header(file, in, Integer.BYTES * rank));
    final int[] dims = new int[rank];
    long count = 1;
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = sizes.getInt();
      count = dims[axis] < 0 || count > MAX_ARRAY ? Long.MAX_VALUE : count * dims[axis];
    }
    if (count == 0) {
      throw GradusException.mismatch(
          "dimensions of IDX file " + file, "each 1 or more", Arrays.toString(dims));
    }
    return new IdxFile(dims, values(file, in, dims, count));
  }

  private static byte[] header(final Path file, final InputStream in, final int count)
      throws IOException {
    final byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw GradusException.mismatch(
          "header of IDX file " + file, count + " more bytes", bytes.length);
    }
    return bytes;
  }

  /** Memory grows with what the file holds, not with what its header claims. */
  private static byte[] values(
      final Path file, final InputStream in, final int[] dims, final long count)
      throws IOException {
    final String expected = count + " bytes as its header " + Arrays.toString(dims) + " says";
    final byte[] values = in.readNBytes((int) Math.min(count, MAX_ARRAY));
    if (values.length < count) {
      throw GradusException.mismatch("content of IDX file " + file, expected, values.length);
    }
    if (in.read() >= 0) {
      throw GradusException.mismatch("content of IDX file " + file, expected, "more");
    }
    return values;
  }

  int items() {
    return dims[0];
  }
}
