package dev.gradus.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamesTest {
  private static final List<String> VALID = List.of("sgd", "momentum", "nesterov", "adam");

  @ParameterizedTest
  @CsvSource({
    "adma, adam", // two changes against three of sgd
    "Adam, adam",
    "ADAM, adam",
    "sg, sgd",
    "nestrov, nesterov",
    "moment, momentum",
    "'', sgd"
  })
  void shouldFindTheNearest(final String name, final String nearest) {
    assertEquals(nearest, Names.nearest(name, VALID));
  }

  @Test
  void shouldTakeTheFirstOfEqualsAndTheExact() {
    assertEquals("ab", Names.nearest("a", List.of("ab", "ac")));
    assertEquals("ac", Names.nearest("ac", List.of("ab", "ac")));
  }

  @Test
  void shouldSayWhatCameAndWhatIsKnown() {
    assertEquals(
        "unknown optimizer \"adm\": expected=one of [sgd, momentum, nesterov, adam], nearest=adam",
        Names.unknown("optimizer", "adm", VALID).getMessage());
  }

  @Test
  void shouldTellTheNearestAloneWhereThereAreMany() {
    final List<String> rows = IntStream.range(0, 61).mapToObj(i -> "row " + i).toList();
    assertEquals(
        "unknown row \"row 60x\": expected=one of 61, nearest=[row 60, row 0, row 6]",
        Names.unknown("row", "row 60x", rows).getMessage());
  }
}
