package dev.gradus.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlpContenderTest {
  @ParameterizedTest
  @CsvSource({"java, sgd", "java, adam"})
  void shouldTrainAsTheReferenceDoes(final String backend, final String optimizer) {
    final MlpTask task = new MlpTask(optimizer, 3);
    final ReferenceMlp reference = new ReferenceMlp(task);
    try (MlpTraining training = GradusMlp.training(task, backend, 1)) {
      for (int step = 0; step < 4; step++) {
        assertEquals(reference.step(), training.step(), 1e-5, "loss of step " + step);
      }
    }
  }

  @Test
  void shouldNotMoveWeightsAtTheTimedRate() {
    final MlpTask task = new MlpTask("adam", 3);
    try (MlpTraining training = GradusMlp.training(task, "java", 1)) {
      training.step();
      training.learningRate(MlpTask.TIMED_RATE);
      final float loss = training.step();
      for (int step = 0; step < 20; step++) {
        assertEquals(loss, training.step());
      }
    }
  }

  @Test
  void shouldNameAllWhereOneIsUnknown() {
    final IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> MlpContender.of("torch"));
    assertEquals(
        "contender: expected=one of gradus-java, gradus-openblas, torch-openblas,"
            + " torch-openblas-fused, torch-mkl, torch-mkl-fused, tensorflow, djl, actual=torch",
        e.getMessage());
  }

  @Test
  void shouldLeaveFusedOptimizersOutOfPredictions() {
    final Case row = Case.predict(1, 1, List.of(MlpContender.values()));
    assertFalse(row.contenders().contains(MlpContender.TORCH_MKL_FUSED));
    assertEquals(6, row.contenders().size());
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
