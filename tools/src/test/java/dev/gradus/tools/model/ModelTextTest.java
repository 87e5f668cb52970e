package dev.gradus.tools.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Scaling;
import dev.gradus.data.TableEncoder;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Presets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelTextTest {
  private static final Shape TABLE = Shape.batched(64);
  private static final Shape IMAGES = Shape.batched(1, 8, 8);

  private static void assertRefused(final Executable action, final String part) {
    final GradusException e = assertThrows(GradusException.class, action);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private static TableEncoder numbers(final Shape row) {
    return TableEncoder.ofNumbers((int) row.rowElements(), Scaling.none());
  }

  private static String network(final String text, final Shape row, final int targets) {
    return ModelText.parse(text).network(row, numbers(row), targets, Activations.RELU).describe();
  }

  @Test
  void shouldReadSizes() {
    assertEquals(
        "input(64) dense(256,relu) dense(128,relu) dense(10)", network("64-256-128-10", TABLE, 10));
    assertEquals("input(64) dense(3)", network("64-3", TABLE, 3));
    assertEquals(10, ModelText.parse("784-10").outputs(TABLE));
  }

  @Test
  void shouldCompletePresets() {
    for (final String name : ModelText.presets().keySet()) {
      final String text = network(name, TABLE, 10);
      assertTrue(text.startsWith("input(64) ") && text.endsWith("dense(10)"), text);
      assertEquals(ModelText.presets().get(name).length + 2, text.split("[ -]").length, text);
    }
  }

  @Test
  void shouldCompleteImagePresets() {
    for (final String name : Presets.ofImages().keySet()) {
      final String text = network(name, Shape.batched(1, 28, 32), 7);
      assertTrue(text.startsWith("input(1,28,32) "), text);
      assertTrue(text.endsWith(" dense(7)") || text.endsWith(" dense(7,sigmoid)"), text);
    }
    assertTrue(network("resnet-small", Shape.batched(3, 28, 32), 7).startsWith("input(3,28,32) "));
    assertTrue(
        network("transformer", IMAGES, 10).startsWith("input(1,8,8) reshape(8,8) dense(64) "));
    assertRefused(() -> network("transformer", TABLE, 10), "expected=[N,1,height,width]");
    assertRefused(() -> network("lenet", TABLE, 10), "expected=[N,channels,height,width]");
  }

  @Test
  void shouldReadLayers() {
    assertEquals(
        "input(64) dense(256,gelu) dense(10)",
        network(" input(64) dense(256, gelu) dense(10)", TABLE, 10));
    assertEquals(10, ModelText.parse("dense(5) tanh() dense(10)").outputs(TABLE));
  }

  @Test
  void shouldCompleteLayersFromTheData() {
    final ModelText text = ModelText.parse("dense(out,relu) dense(out)");
    assertEquals(0, text.outputs(TABLE));
    assertEquals(
        "input(64) dense(7,relu) dense(7)",
        text.network(TABLE, numbers(TABLE), 7, Activations.RELU).describe());
  }

  @Test
  void shouldGiveImagesTheirShapeUnlessTheFirstLayerIsDense() {
    assertEquals("input(64) dense(10)", network("dense(out)", IMAGES, 10));
    assertEquals("input(1,8,8) flatten() dense(10)", network("flatten() dense(out)", IMAGES, 10));
    assertEquals(
        "input(64) dense(10)", network("input(64) dense(10)", IMAGES, 10), "as it is written");
  }

  @Test
  void shouldRefuseWhatDoesNotFitTheData() {
    assertRefused(
        () -> network("784-256-10", TABLE, 10),
        "expected=64, the features of the data, actual=784");
    assertRefused(
        () -> network("64-256-10", TABLE, 3), "expected=3, the targets of the data, actual=10");
    assertRefused(
        () -> network("input(65) dense(10)", TABLE, 10),
        "input of the model mismatch: expected=64, the features of the data, actual=[N,65]");
    assertRefused(
        () -> network("dense(9)", TABLE, 10),
        "output of the model mismatch: expected=[N,10], the targets of the data");
    assertRefused(() -> network("relu() relu()", IMAGES, 8), "actual=[N,1,8,8]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mpl                    | nearest=mlp",
        "784                    | expected=sizes of 1 or more",
        "784-                   | expected=sizes of 1 or more",
        "784-0-10               | expected=sizes of 1 or more",
        "784-x-10               | expected=sizes of 1 or more",
        "784-99999999999-10     | expected=sizes of 1 or more",
        "dens(5)                | nearest=dense",
      })
  void shouldRefuseWhatIsNoModel(final String text, final String part) {
    assertRefused(() -> ModelText.parse(text), part);
  }

  @Test
  void shouldRefuseLayersThatAreNone() {
    assertRefused(() -> network("dense(5) dens(out)", TABLE, 3), "nearest=dense");
    assertRefused(() -> network("dense(5) dense(out", TABLE, 3), "network text");
    assertRefused(() -> network("dense(0) dense(out)", TABLE, 3), "units of dense");
  }

  @Test
  void shouldCompleteWhatTheTableHas() {
    final TableEncoder encoder =
        TableEncoder.parse("number(0,1) codes(\"a\",\"b\") number(0,1) codes(\"c\")");
    final ModelText text =
        ModelText.parse(
            "concat(columns(0,numbers) | columns(numbers,categories) categorical(3,sizes)"
                + " flatten()) dense(out)");
    assertTrue(text.usesCodes());
    assertFalse(ModelText.parse("mlp").usesCodes());
    assertEquals(
        "input(4) concat(columns(0,2) | columns(2,2) categorical(3,3,2) flatten()) dense(5)",
        text.network(Shape.batched(4), encoder, 5, Activations.RELU).describe());
  }

  @Test
  void shouldCompletePresetsForTables() {
    final TableEncoder encoder = TableEncoder.parse("number(0,1) codes(\"a\",\"b\") codes(\"c\")");
    for (final String name : ModelText.tablePresets()) {
      final ModelText text = ModelText.parse(name);
      assertTrue(text.usesCodes());
      assertEquals(0, text.outputs(Shape.batched(3)));
      assertEquals(
          Shape.batched(4),
          text.network(Shape.batched(3), encoder, 4, Activations.RELU).output().shape());
      assertRefused(() -> network(name, TABLE, 4), "columns of categories for " + name);
    }
  }
}
