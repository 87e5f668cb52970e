package dev.gradus.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
            + " torch-openblas-fused, torch-mkl, torch-mkl-fused, tensorflow, djl, dl4j,"
            + " actual=torch",
        e.getMessage());
  }

  @Test
  void shouldLeaveFusedOptimizersOutOfPredictions() {
    for (final Row row : Suites.rows("predict", true, 1)) {
      if (row.name().startsWith("predict mlp")) {
        assertEquals(
            List.of("gradus-auto", "torch-openblas", "torch-mkl", "tensorflow", "djl", "dl4j"),
            titles(row));
      }
    }
  }

  @Test
  void shouldMultiplyInPureJava() {
    for (final Row row : Suites.rows("gemm", true, 1)) {
      if (row.beside().isEmpty()) {
        assertEquals(List.of("gradus-java", "openblas", "mkl", "onednn", "nd4j"), titles(row));
      }
    }
  }

  private static List<String> titles(final Row row) {
    return new PeerContenders()
        .contenders(row).stream().map(dev.gradus.bench.run.Contender::title).toList();
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
}
