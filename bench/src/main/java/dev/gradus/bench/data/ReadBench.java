package dev.gradus.bench.data;

import dev.gradus.bench.work.Work;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.data.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading a whole file of samples: a table of numbers, or images and their labels as IDX. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class ReadBench {
  private static final int ROWS = 5000;
  private static final int COLUMNS = 32;
  private static final int SIDE = 28;
  private static final int CLASSES = 10;

  @Param({"csv", "idx"})
  public String format;

  private Path folder;
  private Path data;

  /** Writes the file, and checks that what is read is what was written. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    folder = Files.createTempDirectory("gradus-read");
    final boolean csv = format.equals("csv");
    final int width = csv ? COLUMNS : SIDE * SIDE;
    final int[] values = new int[ROWS * width];
    final SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256);
    }
    if (csv) {
      data = folder.resolve("table.csv");
      Files.writeString(data, table(values));
    } else {
      data = folder;
      write("train-images-idx3-ubyte", values, ROWS, SIDE, SIDE);
      final int[] labels = new int[ROWS];
      for (int row = 0; row < ROWS; row++) {
        labels[row] = row % CLASSES;
      }
      write("train-labels-idx1-ubyte", labels, ROWS);
    }
    final Samples samples = samples();
    if (samples.rows() != ROWS) {
      throw new IllegalStateException("rows: expected=" + ROWS + ", actual=" + samples.rows());
    }
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < width; column++) {
        final double expected =
            csv ? fraction(values[row * width + column]) : values[row * width + column];
        final double actual = samples.features().get(row, column);
        if (actual != expected) {
          throw new IllegalStateException(
              "row "
                  + row
                  + ", column "
                  + column
                  + ": expected="
                  + expected
                  + ", actual="
                  + actual);
        }
      }
    }
    Work.tell(new Work(0, Work.Bytes.read(bytes()), ROWS, 0));
  }

  /** As tables have numbers: with a few digits behind the point. */
  private static double fraction(final int value) {
    return value / 8.0;
  }

  private static String table(final int[] values) {
    final StringBuilder text = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        text.append(fraction(values[row * COLUMNS + column])).append(',');
      }
      text.append((char) ('a' + row % CLASSES)).append('\n');
    }
    return text.toString();
  }

  private void write(final String name, final int[] values, final int... dims) throws IOException {
    final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES * (1 + dims.length));
    header.putInt(8 << 8 | dims.length);
    for (final int size : dims) {
      header.putInt(size);
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      out.write(header.array());
      final byte[] bytes = new byte[values.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) values[i];
      }
      out.write(bytes);
    }
  }

  private double bytes() throws IOException {
    double bytes = 0;
    try (var files = Files.list(folder)) {
      for (final Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private Samples samples() {
    return Source.forTraining(data.toString(), CsvOptions.defaults(), null, 0).samples();
  }

  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    try (var files = Files.list(folder)) {
      for (final Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Benchmark
  public int read() {
    return samples().rows();
  }
}
