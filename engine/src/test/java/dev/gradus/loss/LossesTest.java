package dev.gradus.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class LossesTest {
  @Test
  void shouldKnowEachByItsName() {
    assertEquals(Set.of("cross-entropy", "mse"), Losses.names());
    for (final String name : Losses.names()) {
      assertEquals(name, Losses.byName(name).name());
    }
    assertMessage(
        "unknown loss \"msa\": expected=one of [cross-entropy, mse], nearest=mse",
        () -> Losses.byName("msa"));
  }

  @Test
  void shouldSayWhichTargetsTheyWant() {
    final TensorType logits = TensorType.float32(Shape.batched(7, 10));
    assertEquals(
        TensorType.int32(Shape.batched(7)), Losses.softmaxCrossEntropy().targetType(logits));
    assertEquals(logits, Losses.meanSquaredError().targetType(logits));
    assertMessage(
        "rank of logits mismatch: expected=2 or more, actual=[N]",
        () -> Losses.softmaxCrossEntropy().targetType(TensorType.float32(Shape.batched())));
  }

  @Test
  void shouldCheckEachLabelOfTheRowsOfASequence() {
    final Shape prediction = Shape.of(4, 3, 10); // 4 rows of 3 labels
    try (Slab slab = Slab.open(new MemoryAccount(), "labels", 64)) {
      final Tensor labels = slab.tensor(0, TensorType.int32(Shape.of(4, 3)));
      final Loss loss = Losses.softmaxCrossEntropy();
      labels.setInt(5, 9);
      loss.requireTarget(labels, prediction, 4);
      labels.setInt(6, 10); // of the third row
      loss.requireTarget(labels, prediction, 2);
      assertMessage(
          "label 6 out of range: expected=0 to 9, actual=10",
          () -> loss.requireTarget(labels, prediction, 3));
    }
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
