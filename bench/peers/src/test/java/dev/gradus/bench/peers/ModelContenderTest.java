package dev.gradus.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.bench.run.Row;
import dev.gradus.bench.run.Suites;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelContenderTest {
  @ParameterizedTest
  @CsvSource({"mlp, sgd", "mlp, adam", "tiny, adam", "wide, sgd"})
  void shouldTrainAsTheReferenceDoes(final String model, final String optimizer) {
    final ModelTask task = new ModelTask(model, optimizer, 3);
    final ReferenceMlp reference = new ReferenceMlp(task);
    try (Training training = GradusModel.training(task, "java", 1)) {
      for (int step = 0; step < 4; step++) {
        assertEquals(reference.step(), training.step(), 1e-5, "loss of step " + step);
      }
    }
  }

  @Test
  void shouldNotMoveWeightsAtTheTimedRate() {
    final ModelTask task = new ModelTask("mlp", "adam", 3);
    try (Training training = GradusModel.training(task, "java", 1)) {
      training.step();
      training.learningRate(ModelTask.TIMED_RATE);
      final float loss = training.step();
      for (int step = 0; step < 20; step++) {
        assertEquals(loss, training.step());
      }
    }
  }

  @Test
  void shouldNameAllWhereOneIsUnknown() {
    final IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ModelContender.of("torch"));
    assertEquals(
        "contender: expected=one of gradus-auto, gradus-java, gradus-openblas, torch-openblas,"
            + " torch-openblas-fused, torch-mkl, torch-mkl-fused, tensorflow, djl, actual=torch",
        e.getMessage());
  }

  @Test
  void shouldLeaveFusedOptimizersOutOfPredictions() {
    final Case row = Case.predict(1, 1, List.of(ModelContender.values()));
    assertFalse(row.contenders().contains(ModelContender.TORCH_MKL_FUSED));
    assertEquals(7, row.contenders().size());
  }

  @Test
  void shouldHavePeersForEachModelOfTheSuites() {
    for (final Row row : Suites.rows("step", true, 1)) {
      final List<dev.gradus.bench.run.Contender> all = new PeerContenders().contenders(row);
      if (row.name().contains("square") || row.isOursAlone()) {
        assertTrue(all.isEmpty(), row.name()); // measured alone, as work grows, or for its tail
        continue;
      }
      assertTrue(all.size() >= 5, row.name() + ": " + all);
      assertEquals("gradus-auto", all.get(0).title());
      assertEquals(1, all.stream().filter(dev.gradus.bench.run.Contender::ours).count());
    }
  }

  @Test
  void shouldHaveAPeerForEachKernelThatLibtorchHas() {
    final List<String> without = new ArrayList<>();
    for (final Row row : Suites.rows("kernel", true, 1)) {
      final int contenders = new PeerContenders().contenders(row).size();
      if (contenders == 0 && row.name().endsWith(" 16 Ki")) {
        without.add(row.name());
      }
      assertTrue(contenders == 0 || contenders == 2, row.name());
    }
    // One is no pass of its own there, the others are several.
    assertEquals(
        List.of("kernel linear 16 Ki", "kernel softsign 16 Ki", "kernel standardize 16 Ki"),
        without);
  }

  @Test
  void shouldFindTheExceptionInALog() {
    final List<String> log =
        List.of(
            "# Warmup: 3 iterations, 1 s each",
            "<failure>",
            "",
            "java.lang.UnsatisfiedLinkError: no jnitorch in java.library.path",
            "\tat java.base/java.lang.ClassLoader.loadLibrary(ClassLoader.java:1)",
            "Caused by: java.lang.IllegalStateException: other");
    assertEquals(
        "java.lang.UnsatisfiedLinkError: no jnitorch in java.library.path", Fork.reason(log));
    assertEquals("killed", Fork.reason(List.of("killed", " ")));
    assertEquals("no output", Fork.reason(List.of()));
  }
}
