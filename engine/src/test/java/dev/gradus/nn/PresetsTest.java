package dev.gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import org.junit.jupiter.api.Test;

final class PresetsTest {
  private static final Shape IMAGES = Shape.batched(1, 28, 28);

  @Test
  void shouldGiveNetworksForImages() {
    for (final String name : Presets.ofImages().keySet()) {
      final Network network = Presets.byName(name, IMAGES, 10);
      assertEquals(IMAGES, network.input(), name);
      assertEquals(Shape.batched(10), network.output().shape(), name);
      assertEquals(DType.FLOAT32, network.inputType(), name);
      assertEquals(network, Network.parse(network.describe()), name);
    }
    // LeCun's sizes but for the number of filters: 28x28, 14x14, 10x10, 5x5.
    assertEquals(
        16 * 26 + 32 * (16 * 25 + 1) + (800 + 1) * 128 + 129 * 10,
        Presets.byName("lenet", IMAGES, 10).parameterCount());
  }

  @Test
  void shouldGiveANetworkForCharacters() {
    final Network network = Presets.byName("char-lstm", Shape.batched(50), 65);
    assertEquals(DType.INT32, network.inputType());
    assertEquals(Shape.batched(50, 65), network.output().shape());
    assertEquals("input(int,50) embedding(65,32) lstm(128,stateful) dense(65)", network.describe());
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    final String unknown = message("lenett", IMAGES);
    assertTrue(unknown.startsWith("unknown preset \"lenett\": expected=one of ["), unknown);
    assertTrue(unknown.endsWith(", nearest=lenet"), unknown);
    assertEquals(
        "data for a model of height and width mismatch: expected=[N,1,height,width],"
            + " actual=[N,3,8,8]",
        message("transformer", Shape.batched(3, 8, 8)));
    assertTrue(
        message("lenet", Shape.batched(64)).contains("expected=[N,channels,height,width]"),
        message("lenet", Shape.batched(64)));
  }

  private static String message(final String name, final Shape input) {
    return assertThrows(GradusException.class, () -> Presets.byName(name, input, 10)).getMessage();
  }
}
