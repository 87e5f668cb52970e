package dev.gradus.tools.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.gradus.memory.GradusException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads tables of numbers and categories, with a column of either as the target. */
final class CsvFile {
  private static final int DETECTION_CHARS = 1 << 16;
  private static final int GUESSING_ROWS = 1000;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String source;
  private final List<double[]> rows = new ArrayList<>();
  private final List<Map<String, Integer>> texts = new ArrayList<>();
  private final List<String> targets = new ArrayList<>();
  private List<String> names;
  private CsvColumns columns;
  private boolean[] categorical;

  private CsvFile(final String source) {
    this.source = source;
  }

  /**
   * Reads a table.
   *
   * @param source its name, for messages.
   * @throws GradusException naming line and column of what is wrong.
   */
  static Samples read(
      final String source,
      final InputStream in,
      final CsvOptions options,
      final CsvColumns.Choice choice)
      throws IOException {
    final BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
            DETECTION_CHARS);
    skipByteOrderMark(text);
    final char separator = options.detectsSeparator() ? detect(text) : options.separator();
    final CsvFile table = new CsvFile(source);
    try (CsvReader<CsvRecord> records =
        CsvReader.builder()
            .fieldSeparator(separator)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(text)) {
      return table.samples(records.iterator(), options.header(), choice);
    } catch (final CsvParseException e) {
      throw new GradusException(
          source + " mismatch: expected=a CSV table, actual=" + e.getMessage(), e);
    } catch (final UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void skipByteOrderMark(final BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
  }

  /** The separator that is most frequent in the first line that has any, outside quotes. */
  private static char detect(final BufferedReader text) throws IOException {
    text.mark(DETECTION_CHARS);
    final char[] candidates = {',', ';', '\t'};
    final int[] counts = new int[candidates.length];
    boolean quoted = false;
    boolean found = false;
    for (int read = 0; read < DETECTION_CHARS; read++) {
      final int c = text.read();
      if (c < 0 || (c == '\n' && !quoted && found)) {
        break;
      }
      quoted ^= c == '"';
      for (int i = 0; i < candidates.length; i++) {
        if (c == candidates[i] && !quoted) {
          counts[i]++;
          found = true;
        }
      }
    }
    text.reset();
    int best = 0;
    for (int i = 1; i < candidates.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return candidates[best];
  }

  private Samples samples(
      final Iterator<CsvRecord> records,
      final CsvOptions.Header header,
      final CsvColumns.Choice choice) {
    final CsvRecord first = records.hasNext() ? records.next() : null;
    if (first == null) {
      throw GradusException.mismatch("rows of " + source, "1 or more", 0);
    }
    final CsvRecord second = records.hasNext() ? records.next() : null;
    final boolean named =
        switch (header) {
          case YES -> true;
          case NO -> false;
          case AUTO -> looksLikeHeader(first, second);
        };
    names = named ? first.getFields().stream().map(String::strip).toList() : List.of();
    final int count = first.getFieldCount();
    columns = choice.of(source, names, count);
    final List<CsvRecord> head = new ArrayList<>();
    if (!named) {
      head.add(first);
    }
    if (second != null) {
      head.add(second);
    }
    while (records.hasNext() && head.size() < GUESSING_ROWS && columns.guesses()) {
      head.add(records.next());
    }
    categorical = columns.guesses() ? textColumns(head) : columns.categorical();
    for (final boolean category : categorical) {
      texts.add(category ? new LinkedHashMap<>() : null);
    }
    for (final CsvRecord row : head) {
      add(row, count);
    }
    while (records.hasNext()) {
      add(records.next(), count);
    }
    final String target = columns.target() < 0 || !named ? "" : names.get(columns.target());
    return new Samples(
        source,
        new Features.Columns(
            rows,
            texts.stream().map(t -> t == null ? null : List.copyOf(t.keySet())).toList(),
            columns.featureNames(names)),
        targets,
        false,
        target,
        columns.target());
  }

  /**
   * Features that have texts and no number in the first rows: one that has both is more likely
   * damaged.
   */
  private boolean[] textColumns(final List<CsvRecord> head) {
    final int[] features = columns.features();
    final boolean[] found = new boolean[features.length];
    for (int i = 0; i < found.length; i++) {
      boolean numbers = false;
      for (final CsvRecord row : head) {
        final String field = row.getFieldCount() > features[i] ? row.getField(features[i]) : "";
        numbers |= !Double.isNaN(CsvNumbers.parse(field));
        found[i] |= CsvNumbers.isName(field);
      }
      found[i] &= !numbers;
    }
    return found;
  }

  /**
   * A header has names in all fields; or, where columns are named by numbers, a name above a number
   * in its last field alone.
   */
  private static boolean looksLikeHeader(final CsvRecord first, final CsvRecord second) {
    int namesSeen = 0;
    for (final String field : first.getFields()) {
      namesSeen += CsvNumbers.isName(field) ? 1 : 0;
    }
    final int last = first.getFieldCount() - 1;
    return namesSeen == first.getFieldCount()
        || (namesSeen == 1
            && CsvNumbers.isName(first.getField(last))
            && second != null
            && second.getFieldCount() > last
            && Double.isFinite(CsvNumbers.parse(second.getField(last))));
  }

  private void add(final CsvRecord row, final int count) {
    if (row.getFieldCount() != count) {
      throw GradusException.mismatch(
          "fields in line " + row.getStartingLineNumber() + " of " + source,
          count,
          row.getFieldCount());
    }
    final int[] features = columns.features();
    final double[] values = new double[features.length];
    for (int i = 0; i < values.length; i++) {
      final String field = row.getField(features[i]);
      values[i] = categorical[i] ? category(i, field) : CsvNumbers.parse(field);
      if (!Double.isFinite(values[i])) {
        throw GradusException.mismatch(
            place(row, features[i]), "a finite number", actual(field, rows.isEmpty()));
      }
    }
    rows.add(values);
    if (columns.target() >= 0) {
      final String target = row.getField(columns.target()).strip();
      if (CsvNumbers.isMissingClass(target)) {
        throw GradusException.mismatch(
            place(row, columns.target()), "a target", actual(target, false));
      }
      targets.add(target);
    }
  }

  /** The number of a text among those of its column; of an empty one where the value is missing. */
  private double category(final int feature, final String field) {
    final Map<String, Integer> known = texts.get(feature);
    final String text = CsvNumbers.isMissing(field) ? "" : field.strip();
    final Integer number = known.putIfAbsent(text, known.size());
    return number == null ? known.size() - 1 : number;
  }

  private String place(final CsvRecord row, final int column) {
    return "line "
        + row.getStartingLineNumber()
        + ", column "
        + (column + 1)
        + (names.isEmpty() ? "" : " (" + names.get(column) + ")")
        + " of "
        + source;
  }

  private String actual(final String field, final boolean first) {
    final boolean mayBeHeader = first && names.isEmpty() && CsvNumbers.isName(field);
    return CsvNumbers.isMissing(field) || CsvNumbers.isMissingClass(field)
        ? "a missing value \"" + field + '"'
        : '"'
            + field
            + '"'
            + (mayBeHeader
                ? " (if this line is a header: --header yes)"
                : columns.guesses() ? " (if these are categories: --categorical)" : "");
  }
}
