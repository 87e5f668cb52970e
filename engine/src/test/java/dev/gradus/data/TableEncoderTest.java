package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableEncoderTest {
  // work, age, sex, hours; an empty text is a missing value
  private static final Table TABLE =
      new TextTable("state 20 m 1", "private 40 f 3", "private 30 f 2", " 99 x 9");
  private static final int[] TRAINING = {0, 1, 2};

  private static TableEncoder fit(final int leastRows, final boolean oneHot) {
    return TableEncoder.fit(TABLE, TRAINING, Scaling.Kind.MINMAX, leastRows, oneHot);
  }

  private static float[] encoded(final TableEncoder encoder, final double... row) {
    final TensorType type = TensorType.float32(Shape.of(2, encoder.width()));
    try (Slab slab = Slab.open(new MemoryAccount(), "rows", type.bytes(2))) {
      final Tensor rows = slab.tensor(0, type);
      final float[] before = new float[2 * encoder.width()];
      Arrays.fill(before, 7);
      rows.copyFrom(before);
      encoder.encode(row, rows, 1);
      final float[] after = rows.toFloatArray();
      assertArrayEquals(
          Arrays.copyOf(before, encoder.width()), Arrays.copyOf(after, encoder.width()));
      return Arrays.copyOfRange(after, encoder.width(), after.length);
    }
  }

  @Test
  void shouldPutCodesBehindNumbers() {
    final TableEncoder encoder = fit(1, false);
    assertEquals(4, encoder.width());
    assertEquals(2, encoder.numbers());
    assertEquals(List.of(3, 3), encoder.sizes());
    assertEquals(List.of("private", "state"), encoder.categories(0).names());
    assertNull(encoder.categories(1));
    final double[] row = {encoder.code(0, "state"), 35, encoder.code(2, "f"), 2};
    assertArrayEquals(new float[] {0.75f, 0.5f, 2, 1}, encoded(encoder, row));
  }

  @Test
  void shouldPutZerosAndOnesBehindNumbers() {
    final TableEncoder encoder = fit(1, true);
    assertEquals(6, encoder.width());
    final double[] row = {encoder.code(0, "state"), 20, encoder.code(2, "f"), 1};
    assertArrayEquals(new float[] {0, 0, 0, 1, 1, 0}, encoded(encoder, row));
  }

  @Test
  void shouldKeepAPlaceForWhatTheTrainingHasNot() {
    final TableEncoder codes = fit(1, false);
    assertEquals(0, codes.code(2, "x"), "only in a row that is not of the training");
    assertEquals(0, codes.code(0, ""), "missing only there");
    assertArrayEquals(new float[] {0, 0, 0, 0}, encoded(codes, 0, 20, 0, 1));
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0}, encoded(fit(1, true), 0, 20, 0, 1));
  }

  @Test
  void shouldTakeRareCategoriesForUnknownOnes() {
    final TableEncoder encoder = fit(2, false);
    assertEquals(List.of("private"), encoder.categories(0).names());
    assertEquals(List.of("f"), encoder.categories(2).names());
    assertEquals(0, encoder.code(0, "state"));
  }

  @Test
  void shouldMakeMissingACategoryOfItsOwn() {
    final TableEncoder encoder =
        TableEncoder.fit(TABLE, new int[] {0, 3}, Scaling.Kind.NONE, 1, false);
    assertEquals(List.of("", "state"), encoder.categories(0).names());
    assertEquals(1, encoder.code(0, ""));
  }

  @Test
  void shouldReadWhatItDescribes() {
    final Categories odd = new Categories(List.of("", "a\"b", "c\\", "d),(", "größe"), false);
    final TableEncoder encoder =
        new TableEncoder(
            Arrays.asList(odd, null, new Categories(List.of("x"), true), null),
            new Scaling(new double[] {0.1, -3e-7}, new double[] {1 / 3.0, 1e9}));
    final String text = encoder.describe();
    assertEquals(encoder, TableEncoder.parse(text));
    assertEquals(text, TableEncoder.parse(text).describe());
    assertTrue(text.contains(" number(0.1,0.3333333333333333) one_hot(\"x\") number("), text);
    final TableEncoder empty =
        new TableEncoder(List.of(new Categories(List.of(), false)), Scaling.none());
    assertEquals(empty, TableEncoder.parse(empty.describe()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "numbers(1,2)",
        "number(1",
        "number(1,x)",
        "codes(\"a\"",
        "codes(a)",
        "codes("
      })
  void shouldRefuseWhatDescribesNoEncoder(final String text) {
    assertThrows(GradusException.class, () -> TableEncoder.parse(text));
  }

  private static void assertRefused(final String part, final double... row) {
    final String message =
        assertThrows(GradusException.class, () -> encoded(fit(1, false), row)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void shouldRefuseRowsThatDoNotFit() {
    assertRefused("columns of a row to encode mismatch: expected=4, actual=3", 0, 1, 0);
    assertRefused("feature 2", 0, Double.NaN, 0, 1);
    assertRefused("code of feature 1 out of range: expected=0 to 2, actual=3.0", 3, 20, 0, 1);
    assertRefused("code of feature 3", 0, 20, 0.5, 1);
    assertTrue(
        assertThrows(GradusException.class, () -> fit(1, false).code(1, "old"))
            .getMessage()
            .contains("value of column 2 mismatch: expected=a number, actual=old"));
    assertThrows(GradusException.class, () -> new Categories(List.of("a", "a"), true));
    assertThrows(GradusException.class, () -> fit(0, true));
  }
}
