package dev.gradus.tools.gan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Scaling;
import dev.gradus.io.ModelFile;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier whose answers are known: its logits are ten times an image's three pixels. */
final class ClassifierViewTest {
  private static final List<String> NAMES = List.of("0", "1", "2");

  @TempDir private Path folder;

  private ClassifierView view(final float[][] images) throws IOException {
    final Path file = folder.resolve("model.safetensors");
    final Network network = Network.parse("input(3) dense(3)");
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.zeros(engine, network)) {
      for (int i = 0; i < 3; i++) {
        parameters.tensor("0.weight").set(4L * i, 5f);
      }
      ModelFile.write(file, network, parameters, Map.of());
      try (ModelFile model = ModelFile.read(engine, file)) {
        return ClassifierView.of(engine, model, images, Scaling.uniform(2));
      }
    }
  }

  @Test
  void shouldCountTheClassesItSees() throws IOException {
    final ClassifierView view =
        view(new float[][] {{1f, 0f, 0f}, {0f, 0f, 1f}, {0f, 1f, 0f}, {0f, 0f, 1f}});
    assertEquals(NAMES, view.classes());
    assertEquals(List.of(1, 1, 2), view.counts());
    assertEquals(1 / (1 + 2 * Math.exp(-10)), view.confidence(), 1e-6);
    assertEquals(3, view.present());
    assertEquals(1.5 * Math.log(2), view.entropy(), 1e-12, "shares 1/4, 1/4, 1/2");
    assertFalse(view.collapsed());
    assertEquals(
        "mean largest probability 0.9999; 3 of 3 classes with 2 % of the images or more, entropy"
            + " 1.04 of 1.10 (0: 1, 1: 1, 2: 2)",
        view.toString());
  }

  @Test
  void shouldTellInWordsThatAGeneratorHasCollapsed() throws IOException {
    final ClassifierView view = view(new float[][] {{0f, 1f, 0f}, {0f, 0.9f, 0f}});
    assertTrue(view.collapsed());
    assertEquals(0, view.entropy());
    assertTrue(view.toString().contains("; collapsed: 1 of 3 classes with 2 % "), view.toString());
  }

  @Test
  void shouldNotCountAClassOfAFewStrayImages() {
    assertEquals(1, new ClassifierView(1, NAMES, List.of(990, 10, 0)).present());
    assertEquals(3, new ClassifierView(1, NAMES, List.of(960, 20, 20)).present());
  }
}
