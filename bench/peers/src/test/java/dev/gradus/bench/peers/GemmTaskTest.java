package dev.gradus.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GemmTaskTest {
  @ParameterizedTest
  @ValueSource(strings = {"3x5x7", "3x5x7 TN", "3x5x7 NT", "3x5x7 TT"})
  void shouldAcceptProductAndNoOther(final String shape) {
    final GemmTask task = GemmTask.of(shape);
    final float[] c = new float[3 * 5];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 5; j++) {
        for (int p = 0; p < 7; p++) {
          final float a = task.a[shape.contains(" T") ? p * 3 + i : i * 7 + p];
          c[i * 5 + j] += a * task.b[shape.endsWith("T") ? j * 7 + p : p * 5 + j];
        }
      }
    }
    task.verify(c);
    c[14] += 1;
    assertThrows(IllegalStateException.class, () -> task.verify(c));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3x5", "3x5x7 N", "3x5x7 NX", "3x5x7 NN NN", "3x5x7x9", "axbxc"})
  void shouldRejectWhatIsNoShape(final String shape) {
    assertThrows(IllegalArgumentException.class, () -> GemmTask.of(shape));
  }

  @Test
  void shouldCountFlops() {
    assertEquals(2.0 * 3 * 5 * 7, GemmTask.of("3x5x7").flops());
  }
}
