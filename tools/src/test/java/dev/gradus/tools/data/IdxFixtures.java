package dev.gradus.tools.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Small IDX files. */
public final class IdxFixtures {
  private IdxFixtures() {}

  /** The bytes of an IDX file whose header says {@code dims}, whatever the values are. */
  public static byte[] idx(final byte[] values, final int... dims) {
    final ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dims.length + values.length);
    bytes.put((byte) 0).put((byte) 0).put((byte) 8).put((byte) dims.length);
    for (final int dim : dims) {
      bytes.putInt(dim);
    }
    return bytes.put(values).array();
  }

  /** Packed by gzip. */
  public static byte[] gzip(final byte[] content) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /** {@code rows} images of 2x2 pixels, bright where the label's bit is set, and their labels. */
  public static void pair(final Path folder, final String part, final int rows) throws IOException {
    final byte[] pixels = new byte[rows * 4];
    final byte[] labels = new byte[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = (byte) (row % 3);
      pixels[row * 4 + row % 3] = (byte) 255;
    }
    Files.write(folder.resolve(part + "-images-idx3-ubyte"), idx(pixels, rows, 2, 2));
    Files.write(folder.resolve(part + "-labels-idx1-ubyte"), idx(labels, rows));
  }
}
