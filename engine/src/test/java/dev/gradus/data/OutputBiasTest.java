package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class OutputBiasTest {
  private final Slab slab = Slab.open(new MemoryAccount(), "targets", 256);

  @AfterEach
  void close() {
    slab.close();
  }

  private Tensor floats(final Shape shape, final float... values) {
    final Tensor tensor = slab.tensor(0, TensorType.float32(shape));
    tensor.copyFrom(values);
    return tensor;
  }

  private Tensor labels(final int... values) {
    final Tensor tensor = slab.tensor(0, TensorType.int32(Shape.of(values.length)));
    tensor.copyFrom(values);
    return tensor;
  }

  @Test
  void shouldTakeTheMeanOfEachTarget() {
    final Tensor targets = floats(Shape.of(3, 2), 1, 10, 2, 20, 6, 60);
    assertArrayEquals(new float[] {3f, 30f}, OutputBias.mean(targets));
  }

  @Test
  void shouldTakeTheLogarithmOfEachClassShare() {
    final float[] bias = OutputBias.logShares(labels(0, 0, 0, 1, 1, 3), 4);
    assertArrayEquals(
        new float[] {
          (float) Math.log(3.5 / 8),
          (float) Math.log(2.5 / 8),
          (float) Math.log(0.5 / 8),
          (float) Math.log(1.5 / 8)
        },
        bias,
        1e-6f);
    double sum = 0;
    for (final float b : bias) {
      sum += Math.exp(b);
    }
    assertEquals(1, sum, 1e-6, "softmax gives the shares themselves");
  }

  @Test
  void shouldTakeTheLogOddsOfEachTarget() {
    final Tensor targets = floats(Shape.of(4, 2), 1, 0, 0, 0, 1, 0, 1, 0);
    assertArrayEquals(
        new float[] {(float) Math.log(3.5 / 1.5), (float) Math.log(0.5 / 4.5)},
        OutputBias.logOdds(targets),
        1e-6f);
  }

  @Test
  void shouldRefuseTargetsThatDoNotFit() {
    assertMessage(
        "label 1 of output bias out of range: expected=0 to 1, actual=2",
        () -> OutputBias.logShares(labels(0, 2), 2));
    assertMessage(
        "classes of output bias out of range: expected=1 or more, actual=0",
        () -> OutputBias.logShares(labels(0), 0));
    assertMessage(
        "target 1 of output bias out of range: expected=0 to 1, actual=1.5",
        () -> OutputBias.logOdds(floats(Shape.of(2), 0f, 1.5f)));
    assertMessage(
        "element type of targets of output bias mismatch: expected=FLOAT32, actual=INT32",
        () -> OutputBias.mean(labels(1)));
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
