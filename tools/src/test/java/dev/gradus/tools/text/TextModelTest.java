package dev.gradus.tools.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.nn.Presets;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Learns to write. */
final class TextModelTest {
  private static final Path SHAKESPEARE = Path.of("../../shared/data/tinyshakespeare/input.txt");

  private static Engine engine(final int threads) {
    return Engine.open(new EngineOptions(threads, "java"));
  }

  private static String lstm(final int units) {
    return "embedding(out,32) lstm(" + units + ",stateful) dense(out)";
  }

  private static String learned(final int threads) {
    final Characters text = Characters.of("the cat sat on the mat. ".repeat(60));
    try (Engine engine = engine(threads);
        TextModel model =
            TextModel.open(engine, text, new TextModel.Settings(lstm(24), 12, 8, 0.01, 5))) {
      for (int epoch = 0; epoch < 30; epoch++) {
        for (int batch = 0; batch < model.batches(); batch++) {
          model.step(batch);
        }
      }
      assertTrue(model.validate() < 0.1, "validation: " + model.validate());
      return model.sample(60, 0.5, 7);
    }
  }

  @Test
  void shouldWriteWhatItReadOnAnyNumberOfThreads() {
    final String written = learned(1);
    assertEquals(60, written.length());
    assertTrue(written.contains("the cat sat on the mat."), written);
    assertEquals(written, learned(2));
  }

  @Test
  void shouldRefuseTextThatIsTooShort() {
    assertEquals(
        "different characters out of range: expected=2 or more, actual=1",
        assertThrows(GradusException.class, () -> Characters.of("aaaa")).getMessage());
    try (Engine engine = engine(1)) {
      final Characters text = Characters.of("ab".repeat(50));
      final TextModel.Settings settings = new TextModel.Settings(lstm(4), 10, 10, 0.01, 5);
      assertEquals(
          "characters for 10 streams of 10 steps out of range: expected=101 or more, actual=90",
          assertThrows(GradusException.class, () -> TextModel.open(engine, text, settings))
              .getMessage());
      assertEquals(0, engine.account().openBytes(), "what was opened is closed again");
    }
  }

  @Test
  void shouldRefuseModelsThatCannotWriteStepByStep() {
    try (Engine engine = engine(1)) {
      final Characters text = Characters.of("abc".repeat(50));
      final TextModel.Settings settings =
          new TextModel.Settings("embedding(out,4) positions() dense(out)", 10, 2, 0.01, 5);
      assertEquals(
          "1.weight of a model of text for 1 step mismatch: expected=[40], as for many steps,"
              + " actual=[4]",
          assertThrows(GradusException.class, () -> TextModel.open(engine, text, settings))
              .getMessage());
      assertEquals(0, engine.account().openBytes(), "nothing is open");
    }
  }

  /** One reading of a megabyte; the bits are the same everywhere, so is the loss. */
  @Test
  void shouldLearnShakespeare() {
    assumeTrue(Files.exists(SHAKESPEARE), "the text is not there: " + SHAKESPEARE);
    final Characters text = Characters.read(SHAKESPEARE);
    try (Engine engine = engine(2);
        TextModel model =
            TextModel.open(
                engine,
                text,
                new TextModel.Settings(Presets.all().get("char-lstm"), 64, 32, 0.005, 1))) {
      for (int batch = 0; batch < model.batches(); batch++) {
        model.step(batch);
      }
      assertTrue(model.validate() < 1.85, "validation: " + model.validate());
    }
  }
}
