package dev.gradus.gemm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the sources of {@code dev.gradus.gemm.generated}. They differ in their number of rows
 * alone, and C2 keeps accumulators in registers only where each is a local variable of its own, so
 * they are written by program.
 *
 * <p>Run with the package's folder as argument after a change here; a test compares the files with
 * what this prints.
 */
final class MicroKernelGenerator {
  /**
   * With 32 registers of 512 bits 13 rows are possible: 26 accumulators, 2 columns of B, and what
   * C2 loads ahead of A. But C1 gives up on more than 12, and a kernel on which C1 gives up may
   * never reach C2.
   */
  static final int MAX_ROWS = 11;

  /** As above; finding A where it lies takes C1 more registers. */
  static final int MAX_STRIDED_ROWS = 8;

  /** On 8 lanes, where 16 registers hold 10 rows of one vector. */
  static final int MAX_NARROW_ROWS = 10;

  private static final int MAX_COLUMNS = 100;

  private MicroKernelGenerator() {}

  /** How a kernel finds element (row, step) of A. */
  private enum Form {
    ROW_MAJOR(
        "packedByRow",
        2,
        "final float[] a, final int start",
        "A packed by row, {@code a[start + row * PITCH + step]}"),
    STEP_MAJOR(
        "packedByStep",
        2,
        "final float[] a, final int start",
        "A packed by step, {@code a[start + step * ROWS + row]}"),
    BY_TABLE(
        "byTable",
        2,
        "final float[] a, final int start, final int[] table",
        "Rows of A side by side where a table says, {@code a[start + table[step] + row]}"),
    B_BY_TABLE(
        "columnsByTable",
        2,
        "final float[] a, final int start, final int[] table",
        "A as {@code packedByRow}, rows of B where a table says, at {@code b + table[step]}"),
    STRIDED(
        "strided",
        2,
        "final long a, final long aRow, final long aStep",
        "A where it lies, at address {@code a + row * aRow + step * aStep}"),
    NARROW(
        "narrow",
        1,
        "final long a, final long aRow, final long aStep",
        "As {@code strided}, one vector wide");

    final String method;
    final int vectors;
    final String parameters;
    final String words;

    Form(final String method, final int vectors, final String parameters, final String words) {
      this.method = method;
      this.vectors = vectors;
      this.parameters = parameters;
      this.words = words;
    }

    int maxRows() {
      return switch (this) {
        case ROW_MAJOR, STEP_MAJOR, BY_TABLE, B_BY_TABLE -> MAX_ROWS;
        case STRIDED -> MAX_STRIDED_ROWS;
        case NARROW -> MAX_NARROW_ROWS;
      };
    }

    boolean isStrided() {
      return this == STRIDED || this == NARROW;
    }

    String element(final int row) {
      return switch (this) {
        case ROW_MAJOR, B_BY_TABLE -> "a[at" + (row == 0 ? "" : " + " + times(row, "PITCH")) + "]";
        case STEP_MAJOR, BY_TABLE -> "a[at" + (row == 0 ? "" : " + " + row) + "]";
        case STRIDED, NARROW -> "ALL.get(FLOAT, aNext" + rowsOn(row) + ")";
      };
    }
  }

  /** C2 makes 8 - 1 of 7, and no longer sees that the address is not negative. */
  private static String rowsOn(final int row) {
    return switch (row) {
      case 0 -> "";
      case 7 -> " + 4 * row + 3 * row";
      default -> " + " + times(row, "row");
    };
  }

  public static void main(final String[] arguments) throws IOException {
    final Path folder = Path.of(arguments[0]);
    for (final Map.Entry<String, String> source : sources().entrySet()) {
      Files.writeString(
          folder.resolve(source.getKey() + ".java"), source.getValue(), StandardCharsets.UTF_8);
    }
  }

  /** All types of the package by name, for the test that compares. */
  static Map<String, String> sources() {
    final Map<String, String> sources = new TreeMap<>();
    for (int rows = 1; rows <= MAX_ROWS; rows++) {
      sources.put("MicroKernel" + rows, kernel(rows));
    }
    sources.put("MicroKernels", dispatch());
    sources.put("Transpose8", transpose(8));
    sources.put("Transpose16", transpose(16));
    return sources;
  }

  private static String kernel(final int rows) {
    final String pitch =
        rows == 1 ? "" : "\n  private static final int PITCH = " + Blocking.ROW_PITCH + ";";
    final boolean inPlace = rows <= MAX_NARROW_ROWS;
    final String read =
        inPlace
            ? """

              // Not through a method of our own: in a kernel of this size C2 no longer inlines one.
              private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;\
            """
            : "";
    final String distance =
        inPlace && rows > 1
            ? "\n  private static final long DISTANCE = (1L << 40) - 1; // between rows, as above"
            : "";
    final StringBuilder out = new StringBuilder();
    out.append(
        """
        package dev.gradus.gemm.generated;

        import dev.gradus.kernel.Lanes;
        import dev.gradus.memory.OffHeap;
        import java.lang.foreign.MemorySegment;
        %simport java.nio.ByteOrder;
        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorSpecies;

        /**
         * Tiles of %s: {@code C = scale * init + A * B}, each element one chain of fused multiply-adds
         * in the order of the steps. Generated by MicroKernelGenerator.
         */
        final class MicroKernel%d {
          private static final VectorSpecies<Float> S = Lanes.F;
          private static final long W = S.vectorByteSize();
          private static final MemorySegment ALL = OffHeap.ALL;
          private static final ByteOrder ORDER = ByteOrder.nativeOrder();%s
          // Compared with, so that C2 knows what it stores: a class from the profile may come too late.
          private static final Class<?> VECTOR = FloatVector.zero(S).getClass();
          // Of all addresses, and small enough for C2 to see that nothing is out of bounds.
          private static final long ADDRESS = Long.MAX_VALUE >> 2;%s

          private MicroKernel%d() {}
        """
            .formatted(
                inPlace ? "import java.lang.foreign.ValueLayout;\n" : "",
                rows == 1 ? "one row" : rows + " rows",
                rows,
                read,
                distance + pitch,
                rows));
    for (final Form form : Form.values()) {
      if (rows <= form.maxRows()) {
        method(out, form, rows);
      }
    }
    return out.append("}\n").toString();
  }

  private static void method(final StringBuilder out, final Form form, final int rows) {
    final int vectors = form.vectors;
    out.append("\n  /** ").append(form.words).append(". */\n");
    out.append("  static void ").append(form.method).append("(\n");
    parameters(out, form);
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        out.append("    FloatVector ").append(c(row, vector)).append(";\n");
      }
    }
    out.append("    if (scale == 0f) {\n");
    out.append("      final FloatVector zero = FloatVector.zero(S);\n");
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        out.append("      ").append(c(row, vector)).append(" = zero;\n");
      }
    }
    out.append("    } else {\n");
    out.append("      final FloatVector factor = FloatVector.broadcast(S, scale);\n");
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        final String from =
            "FloatVector.fromMemorySegment(S, ALL, " + at("init", row, vector) + ", ORDER)";
        out.append("      ")
            .append(c(row, vector))
            .append(" = ")
            .append(from)
            .append(".mul(factor);\n");
      }
    }
    out.append("    }\n");
    loop(out, form, rows);
    final List<String> comparisons = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        comparisons.add(c(row, vector) + ".getClass() != VECTOR");
      }
    }
    final String line = "    if (" + String.join(" || ", comparisons);
    final boolean fits = line.length() + ") {".length() <= MAX_COLUMNS;
    out.append(fits ? line : "    if (" + String.join("\n        || ", comparisons));
    out.append(") {\n      throw new AssertionError();\n    }\n");
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        out.append("    ").append(c(row, vector)).append(".intoMemorySegment(ALL, ");
        out.append(at("c", row, vector)).append(", ORDER);\n");
      }
    }
    out.append("  }\n");
  }

  private static void parameters(final StringBuilder out, final Form form) {
    out.append("      final int steps,\n");
    for (final String parameter : form.parameters.split(", ", -1)) {
      out.append("      ").append(parameter).append(",\n");
    }
    for (final String parameter : new String[] {"b", "bStep", "c", "cRow", "init", "initRow"}) {
      if (form != Form.B_BY_TABLE || !parameter.equals("bStep")) {
        out.append("      final long ").append(parameter).append(",\n");
      }
    }
    out.append("      final float scale) {\n");
  }

  private static void loop(final StringBuilder out, final Form form, final int rows) {
    final int vectors = form.vectors;
    // Multiples of the step in an index let C2 transform the bounds checks into something far
    // slower than a branch.
    if (form.isStrided()) {
      out.append(rows == 1 ? "" : "    final long row = aRow & DISTANCE;\n");
      out.append("    long aNext = a & ADDRESS;\n");
    }
    if (form != Form.B_BY_TABLE) {
      out.append("    long bNext = b & ADDRESS;\n");
    }
    if (form.isStrided()) {
      out.append("    for (int step = 0; step < steps; step++) {\n");
    } else if (form == Form.BY_TABLE) {
      out.append("    for (int step = 0; step < steps; step++) {\n");
      out.append("      final int at = start + table[step];\n");
    } else if (form == Form.B_BY_TABLE) {
      out.append("    for (int step = 0; step < steps; step++) {\n");
      out.append("      final int at = start + step;\n");
      out.append("      final long bNext = (b + table[step]) & ADDRESS;\n");
    } else {
      final int apart = form == Form.ROW_MAJOR ? 1 : rows;
      out.append("    final int end = start + ").append(times(apart, "steps")).append(";\n");
      out.append("    for (int at = start; at < end; at");
      out.append(apart == 1 ? "++" : " += " + apart).append(") {\n");
    }
    for (int vector = 0; vector < vectors; vector++) {
      out.append("      final FloatVector ").append(b(vector)).append(" = ");
      out.append("FloatVector.fromMemorySegment(S, ALL, bNext");
      out.append(vector == 0 ? "" : " + W").append(", ORDER);\n");
    }
    for (int row = 0; row < rows; row++) {
      out.append("      final FloatVector x").append(row).append(" = FloatVector.broadcast(S, ");
      out.append(form.element(row)).append(");\n");
      for (int vector = 0; vector < vectors; vector++) {
        out.append("      ").append(c(row, vector)).append(" = x").append(row);
        out.append(".fma(").append(b(vector)).append(", ").append(c(row, vector)).append(");\n");
      }
    }
    if (form.isStrided()) {
      out.append("      aNext = (aNext + aStep) & ADDRESS;\n");
    }
    if (form != Form.B_BY_TABLE) {
      out.append("      bNext = (bNext + bStep) & ADDRESS;\n");
    }
    out.append("    }\n");
  }

  private static String dispatch() {
    final StringBuilder out = new StringBuilder();
    out.append(
        """
        package dev.gradus.gemm.generated;

        /**
         * The micro-kernels by their number of rows. Addresses and strides are in bytes; b, c and init are
         * rows of two vectors, one vector for {@link #narrow}. Where scale is 0, init is not read; c and
         * init may be the same. Generated by MicroKernelGenerator.
         */
        public final class MicroKernels {
          /** The most rows of any. */
          public static final int MAX_ROWS = %d;

          /** The most rows of {@link #strided}. */
          public static final int MAX_STRIDED_ROWS = %d;

          /** The most rows of {@link #narrow}. */
          public static final int MAX_NARROW_ROWS = %d;

          private MicroKernels() {}
        """
            .formatted(MAX_ROWS, MAX_STRIDED_ROWS, MAX_NARROW_ROWS));
    for (final Form form : Form.values()) {
      out.append("\n  /** ").append(form.words).append(". */\n");
      out.append("  public static void ").append(form.method).append("(\n");
      out.append("      final int rows,\n");
      parameters(out, form);
      final String a =
          switch (form) {
            case STRIDED, NARROW -> "a, aRow, aStep";
            case ROW_MAJOR, STEP_MAJOR -> "a, start";
            case BY_TABLE, B_BY_TABLE -> "a, start, table";
          };
      final String b = form == Form.B_BY_TABLE ? "b" : "b, bStep";
      final String arguments = "(steps, " + a + ", " + b + ", c, cRow, init, initRow, scale);";
      out.append("    switch (rows) {\n");
      for (int rows = 1; rows <= form.maxRows(); rows++) {
        final String call = "MicroKernel" + rows + "." + form.method + arguments;
        final String label = "      case " + rows + " ->";
        final boolean fits = label.length() + 1 + call.length() <= MAX_COLUMNS;
        out.append(label).append(fits ? " " : "\n          ").append(call).append("\n");
      }
      out.append("      default -> throw new AssertionError(rows);\n    }\n  }\n");
    }
    return out.append("}\n").toString();
  }

  private static String transpose(final int lanes) {
    final StringBuilder out = new StringBuilder();
    out.append(
        """
        package dev.gradus.gemm.generated;

        import dev.gradus.kernel.Lanes;
        import dev.gradus.memory.OffHeap;
        import java.lang.foreign.MemorySegment;
        import java.nio.ByteOrder;
        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorMask;
        import jdk.incubator.vector.VectorShuffle;
        import jdk.incubator.vector.VectorSpecies;

        /**
         * Transposes a square of %1$d lanes in registers: at distance d, lanes whose index has bit d set
         * change places with the lanes d before them in the row d further on (Eklundh 1972). Generated by
         * MicroKernelGenerator.
         */
        public final class Transpose%1$d {
          private static final VectorSpecies<Float> S = Lanes.F;
          private static final MemorySegment ALL = OffHeap.ALL;
          private static final ByteOrder ORDER = ByteOrder.nativeOrder();
        """
            .formatted(lanes));
    for (int d = 1; d < lanes; d *= 2) {
      final String type = "VectorShuffle<Float>";
      out.append("  private static final ").append(type).append(" SWAP").append(d);
      out.append(" = swap(").append(d).append(");\n");
    }
    for (int d = 1; d < lanes; d *= 2) {
      out.append("  private static final VectorMask<Float> SET").append(d);
      out.append(" = set(").append(d).append(");\n");
    }
    out.append(
        """

          private Transpose%d() {}

          private static VectorShuffle<Float> swap(final int distance) {
            final int[] from = new int[S.length()];
            for (int lane = 0; lane < from.length; lane++) {
              from[lane] = lane ^ distance;
            }
            return VectorShuffle.fromArray(S, from, 0);
          }

          private static VectorMask<Float> set(final int distance) {
            final boolean[] set = new boolean[S.length()];
            for (int lane = 0; lane < set.length; lane++) {
              set[lane] = (lane & distance) != 0;
            }
            return VectorMask.fromArray(S, set, 0);
          }

          /**
           * Element (row, column) of the square at {@code from} goes to (column, row) at {@code to}. Of
           * fewer rows than lanes the last is repeated.
           */
          public static void square(
              final long from, final long fromRow, final int rows, final long to, final long toRow) {
            final long last = from + (rows - 1) * fromRow;
        """
            .formatted(lanes));
    for (int row = 0; row < lanes; row++) {
      out.append("    final FloatVector v").append(row);
      final String at = row == 0 ? "from" : "Math.min(last, from + " + times(row, "fromRow") + ")";
      out.append(row == 0 ? " = " : " =\n        ")
          .append("FloatVector.fromMemorySegment(S, ALL, ");
      out.append(at).append(", ORDER);\n");
    }
    String before = "v";
    for (int d = lanes / 2; d >= 1; d /= 2) {
      final String after = d == 1 ? "w" : "by" + d + "v";
      for (int row = 0; row < lanes; row++) {
        if ((row & d) == 0) {
          final String low = before + row;
          final String high = before + (row + d);
          out.append("    final FloatVector ").append(after).append(row).append(" = ").append(low);
          out.append(".blend(").append(high).append(".rearrange(SWAP").append(d);
          out.append("), SET").append(d).append(");\n");
          out.append("    final FloatVector ").append(after).append(row + d).append(" = ");
          out.append(low).append(".rearrange(SWAP").append(d).append(").blend(").append(high);
          out.append(", SET").append(d).append(");\n");
        }
      }
      before = after;
    }
    for (int row = 0; row < lanes; row++) {
      out.append("    w").append(row).append(".intoMemorySegment(ALL, to");
      out.append(row == 0 ? "" : " + " + times(row, "toRow")).append(", ORDER);\n");
    }
    return out.append("  }\n}\n").toString();
  }

  private static String c(final int row, final int vector) {
    return "c" + row + (vector == 0 ? "Left" : "Right");
  }

  private static String b(final int vector) {
    return vector == 0 ? "bLeft" : "bRight";
  }

  private static String at(final String base, final int row, final int vector) {
    return base + (row == 0 ? "" : " + " + times(row, base + "Row")) + (vector == 0 ? "" : " + W");
  }

  private static String times(final int factor, final String name) {
    return factor == 1 ? name : factor + " * " + name;
  }
}
