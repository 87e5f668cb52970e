package dev.gradus.tools.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelSizesTest {
  private static void assertRefused(final Executable action, final String part) {
    final GradusException e = assertThrows(GradusException.class, action);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void shouldReadSizes() {
    assertArrayEquals(
        new int[] {784, 256, 128, 10}, ModelSizes.parse("784-256-128-10").sizes(784, 10));
    assertArrayEquals(new int[] {4, 3}, ModelSizes.parse("4-3").sizes(4, 3));
    assertEquals(10, ModelSizes.parse("784-10").outputs());
  }

  @Test
  void shouldCompletePresets() {
    for (final String name : ModelSizes.presets().keySet()) {
      final int[] sizes = ModelSizes.parse(name).sizes(64, 10);
      assertEquals(64, sizes[0], name);
      assertEquals(10, sizes[sizes.length - 1], name);
      assertEquals(ModelSizes.presets().get(name).length + 2, sizes.length, name);
    }
  }

  @Test
  void shouldRefuseSizesThatDoNotFitTheData() {
    final ModelSizes sizes = ModelSizes.parse("784-256-10");
    assertRefused(() -> sizes.sizes(64, 10), "expected=64, the features of the data, actual=784");
    assertRefused(() -> sizes.sizes(784, 3), "expected=3, the targets of the data, actual=10");
  }

  @ParameterizedTest
  @CsvSource({
    "mpl, nearest=mlp",
    "784, expected=sizes of 1 or more",
    "784-, expected=sizes of 1 or more",
    "784-0-10, expected=sizes of 1 or more",
    "784-x-10, expected=sizes of 1 or more",
    "784-99999999999-10, expected=sizes of 1 or more"
  })
  void shouldRefuseWhatIsNeither(final String text, final String part) {
    assertRefused(() -> ModelSizes.parse(text), part);
  }
}
