package dev.gradus.tools.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvFileTest {
  private static Samples read(final String text) throws IOException {
    return read(text, CsvOptions.defaults());
  }

  private static Samples read(final String text, final CsvOptions options) throws IOException {
    return read(text, options, CsvColumns.forTraining(options.target(), options.categorical()));
  }

  private static Samples read(
      final String text, final CsvOptions options, final CsvColumns.Choice choice)
      throws IOException {
    final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return CsvFile.read("test.csv", new ByteArrayInputStream(bytes), options, choice);
  }

  private static Samples target(final String text, final String target) throws IOException {
    return read(text, new CsvOptions(target, CsvOptions.Header.AUTO, (char) 0, CsvOptions.AUTO));
  }

  private static void assertRefused(final String text, final String... parts) {
    assertParts(assertThrows(GradusException.class, () -> read(text)), parts);
  }

  private static void assertParts(final GradusException e, final String... parts) {
    assertTrue(e.getMessage().contains("test.csv"), e.getMessage());
    for (final String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void shouldReadATableWithAHeader() throws IOException {
    final Samples samples = read("width,height,kind\n1,2.5,cat\n-3e2,4,dog\n");
    assertEquals(List.of("width", "height"), samples.features().names());
    assertEquals(2, samples.rows());
    assertEquals(-300, samples.features().get(1, 0));
    assertEquals(List.of("cat", "dog"), samples.targets());
    assertEquals("kind", samples.target());
    assertEquals(2, samples.targetColumn());
  }

  @Test
  void shouldReadATableWithoutAHeader() throws IOException {
    final Samples samples = read("5.1,3.5,setosa\n7.0,3.2,versicolor\n");
    assertEquals(List.of(), samples.features().names());
    assertEquals(2, samples.rows());
    assertEquals("", samples.target());
  }

  @Test
  void shouldFindAHeaderOfNumbersByItsTarget() throws IOException {
    final Samples samples = read("0,1,label\n8,9,1\n6,5,0\n");
    assertEquals(List.of("0", "1"), samples.features().names());
    assertEquals(2, samples.rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void shouldFindTheSeparator(final String separator) throws IOException {
    final Samples samples = read("\"a,;\tb\" c d\n1 2 x\n3 4 y\n".replace(" ", separator));
    assertEquals(List.of("a,;\tb", "c"), samples.features().names());
    assertEquals(2, samples.rows());
  }

  @Test
  void shouldSkipByteOrderMarkEmptyLinesAndCarriageReturns() throws IOException {
    final Samples samples = read("\uFEFFa,b\r\n1,x\r\n\r\n2,y\r\n\r\n");
    assertEquals(List.of("a"), samples.features().names());
    assertEquals(List.of("x", "y"), samples.targets());
  }

  @Test
  void shouldTakeTheTargetByNameOrNumber() throws IOException {
    final String text = "kind,a,b\nx,1,2\ny,3,4\n";
    assertEquals(List.of("x", "y"), target(text, "kind").targets());
    assertEquals(List.of("x", "y"), target(text, "1").targets());
    assertEquals(List.of("a", "b"), target(text, "1").features().names());
    assertEquals(4, target(text, "kind").features().get(1, 1));
  }

  @Test
  void shouldRefuseATargetThatIsNotThere() {
    final String text = "kind,age,b\nx,1,2\n";
    assertTrue(
        assertThrows(GradusException.class, () -> target(text, "kynd"))
            .getMessage()
            .contains("unknown column \"kynd\": expected=one of [kind, age, b], nearest=kind"));
    assertParts(
        assertThrows(GradusException.class, () -> target(text, "4")),
        "target column",
        "expected=1 to 3, actual=4");
    assertParts(
        assertThrows(GradusException.class, () -> target("1,2,x\n3,4,y\n", "kind")),
        "expected=a column's number, 1 to 3, as the file has no header");
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, a missing value \"NaN\"",
    "'', a missing value \"\"",
    "?, a missing value \"?\"",
    "inf, \"inf\"",
    "1e999, \"1e999\"",
    "0x10, \"0x10\"",
    "1.5f, \"1.5f\"",
    "abc, \"abc\""
  })
  void shouldRefuseWhatIsNoFiniteNumber(final String field, final String actual) {
    assertRefused(
        "a,b,kind\n1,2,x\n3," + field + ",y\n",
        "line 3, column 2 (b) of test.csv",
        "expected=a finite number",
        "actual=" + actual);
  }

  @Test
  void shouldTakeColumnsOfTextsForCategories() throws IOException {
    final Features features =
        read("a,b,c,kind\n?,1, x ,p\nred,2,,q\n\"red\",3,y,p\n?,4,NA,p\n").features();
    assertEquals(List.of("", "red"), features.texts(0));
    assertEquals(List.of("x", "", "y"), features.texts(2));
    assertEquals("x", features.texts(2).get((int) features.get(0, 2)));
    assertEquals(features.get(1, 2), features.get(3, 2));
    assertNull(features.texts(1));
    assertEquals(3, features.get(2, 1));
  }

  @Test
  void shouldRefuseADamagedFirstLineRatherThanTakeItForAHeader() {
    assertRefused("1,x2,3,a\n4,5,6,b\n", "line 1, column 2", "\"x2\"", "--header yes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "nan"})
  void shouldRefuseAMissingTarget(final String target) {
    assertRefused(
        "a,kind\n1,x\n2," + target + "\n", "line 3, column 2 (kind)", "expected=a target");
  }

  @Test
  void shouldRefuseLinesOfOtherLengths() {
    assertRefused("a,b,c\n1,2,x\n1,x\n", "fields in line 3", "expected=3, actual=2");
    assertRefused("a,b,c\n1,2,x\n1,2,3,x\n", "fields in line 3", "expected=3, actual=4");
  }

  @Test
  void shouldRefuseTablesWithoutRowsOrColumns() {
    assertRefused("", "rows", "expected=1 or more, actual=0");
    assertRefused("a,b,c\n", "rows", "expected=1 or more, actual=0");
    assertRefused("1\n2\n", "columns", "expected=2 or more", "actual=1");
  }

  @Test
  void shouldRefuseANameTwice() {
    assertRefused("a,a,kind\n1,2,x\n", "each once", "\"a\" twice");
  }

  @Test
  void shouldRefuseAnOpenQuote() {
    assertRefused("a,b\n1,\"x\n2,y\n", "expected=a CSV table");
  }

  @Test
  void shouldRefuseOtherBytesThanUtf8() {
    final byte[] latin = {'a', ',', 'b', '\n', '1', ',', (byte) 0xe9, '\n'};
    assertThrows(
        MalformedInputException.class,
        () ->
            CsvFile.read(
                "test.csv",
                new ByteArrayInputStream(latin),
                CsvOptions.defaults(),
                CsvColumns.forTraining("", CsvOptions.AUTO)));
  }

  @Test
  void shouldDoAsTheOptionsSay() throws IOException {
    final Samples samples =
        read("1;2\n3;4\n", new CsvOptions("1", CsvOptions.Header.YES, ';', CsvOptions.NONE));
    assertEquals(List.of("2"), samples.features().names());
    assertEquals(List.of("3"), samples.targets());
  }

  @Test
  void shouldFindTheFeaturesOfAModelByName() throws IOException {
    final Samples samples =
        read(
            "b,kind,extra,a\n2,x,9,1\n",
            CsvOptions.defaults(),
            CsvColumns.forScoring(List.of("a", "b"), "kind", 2, new boolean[2]));
    assertEquals(1, samples.features().get(0, 0));
    assertEquals(2, samples.features().get(0, 1));
    assertEquals(List.of("x"), samples.targets());
  }

  @Test
  void shouldReadFeaturesOfAModelWithoutTheirTarget() throws IOException {
    final CsvColumns.Choice choice =
        CsvColumns.forScoring(List.of("a", "b"), "kind", 0, new boolean[2]);
    assertFalse(read("1,2\n3,4\n", CsvOptions.defaults(), choice).hasTargets());
    assertFalse(read("a,b\n3,4\n", CsvOptions.defaults(), choice).hasTargets());
    assertEquals(List.of("7"), read("7,1,2\n", CsvOptions.defaults(), choice).targets());
  }

  @Test
  void shouldRefuseATableThatLacksFeaturesOfAModel() {
    final CsvColumns.Choice choice =
        CsvColumns.forScoring(List.of("a", "b"), "kind", 0, new boolean[2]);
    assertParts(
        assertThrows(
            GradusException.class, () -> read("a,c\n1,2\n", CsvOptions.defaults(), choice)),
        "expected=one named \"b\"",
        "actual=[a, c]");
    assertParts(
        assertThrows(GradusException.class, () -> read("1,2,3,4\n", CsvOptions.defaults(), choice)),
        "expected=2 features, or one more with the target",
        "actual=4");
  }

  @Test
  void shouldKnowSettingsByName() {
    assertEquals('\t', CsvOptions.separatorByName("tab"));
    assertEquals(';', CsvOptions.separatorByName(";"));
    assertTrue(
        assertThrows(GradusException.class, () -> CsvOptions.separatorByName("comna"))
            .getMessage()
            .contains("nearest=comma"));
    assertTrue(
        assertThrows(GradusException.class, () -> CsvOptions.Header.byName("yess"))
            .getMessage()
            .contains("nearest=yes"));
  }
}
