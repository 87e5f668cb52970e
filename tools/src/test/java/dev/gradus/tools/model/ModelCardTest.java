package dev.gradus.tools.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Scaling;
import dev.gradus.data.TableEncoder;
import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.tools.data.Classes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelCardTest {
  private static final ModelCard CARD =
      new ModelCard(
          "data, with \"quotes\"",
          "cross-entropy",
          List.of("a,b", "größe"),
          TableEncoder.ofNumbers(
              2, new Scaling(new double[] {0.1, -3e-7}, new double[] {1 / 3.0, 1e9})),
          new Classes(List.of("[x]", "y\\")),
          "kind",
          2,
          null,
          false);

  @TempDir private Path folder;

  private ModelCard writeAndRead(final Map<String, String> metadata) throws IOException {
    final Path file = folder.resolve("model.safetensors");
    final Network network = Network.mlp(Activations.RELU, 2, 2);
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      ModelFile.write(file, network, parameters, metadata);
      try (ModelFile model = Models.read(engine, file)) {
        return ModelCard.of(model);
      }
    }
  }

  private void assertRefused(final String key, final String value, final String part) {
    final Map<String, String> metadata = new HashMap<>(CARD.toMetadata());
    metadata.put(key, value);
    final GradusException e = assertThrows(GradusException.class, () -> writeAndRead(metadata));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void shouldReadThatAModelReconstructs() throws IOException {
    final ModelCard card =
        new ModelCard(
            "data",
            "mse",
            List.of(),
            CARD.encoder(),
            null,
            "",
            -1,
            new Scaling(new double[] {0}, new double[] {1}),
            true);
    assertEquals(card, writeAndRead(card.toMetadata()));
    final Map<String, String> metadata = new HashMap<>(card.toMetadata());
    metadata.remove("gradus.reconstructs");
    final GradusException e = assertThrows(GradusException.class, () -> writeAndRead(metadata));
    assertEquals("outputs of the model mismatch: expected=1, actual=2", e.getMessage());
  }

  @Test
  void shouldReadWhatItWrote() throws IOException {
    assertEquals(CARD, writeAndRead(CARD.toMetadata()));
  }

  @Test
  void shouldDoWithoutACard() throws IOException {
    final ModelCard card = writeAndRead(Map.of());
    assertEquals(TableEncoder.ofNumbers(2, Scaling.none()), card.encoder());
    assertEquals(List.of("0", "1"), card.classes().names());
    assertEquals("cross-entropy", card.loss());
  }

  @Test
  void shouldRefuseACardThatDoesNotFitTheNetwork() {
    assertRefused("gradus.classes", "[\"a\",\"b\",\"c\"]", "expected=3, actual=2");
    assertRefused("gradus.features", "[\"a\"]", "expected=2, actual=1");
    assertRefused("gradus.features.shift", "[1,2,3]", "as many shifts as scales");
    assertRefused("gradus.features.scale", "[1,\"x\"]", "expected=a JSON list of numbers");
    assertRefused("gradus.classes", "[\"a\"", "expected=a JSON list of strings");
    assertRefused("gradus.target.column", "two", "expected=a number, actual=two");
  }
}
