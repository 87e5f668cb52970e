package dev.gradus.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class TensorTest {
  private final Slab slab = Slab.open(new MemoryAccount(), "block", 256);
  private final Tensor floats = slab.tensor(64, TensorType.float32(Shape.of(2, 3)));
  private final Tensor ints = slab.tensor(128, TensorType.int32(Shape.of(4)));

  @AfterEach
  void closeSlab() {
    slab.close();
  }

  @Test
  void shouldHoldWhatWasSet() {
    floats.set(5, 1.5f);
    ints.setInt(3, -7);
    assertEquals(1.5f, floats.get(5));
    assertEquals(-7, ints.getInt(3));
    assertEquals(6, floats.elements());
    assertEquals(Shape.of(2, 3), floats.shape());
    assertEquals("Tensorf32[2,3]", floats.toString());
    assertEquals("Tensori32[4]", ints.toString());
    assertEquals(slab.segment().address() + 64, floats.address());
    assertEquals(1.5f, OffHeap.getFloat(floats.address() + 20));
  }

  @Test
  void shouldCopyArrays() {
    floats.copyFrom(new float[] {1, 2, 3, 4, 5, 6});
    floats.copyFrom(new float[] {7, 8});
    assertArrayEquals(new float[] {7, 8, 3, 4, 5, 6}, floats.toFloatArray());
    final float[] first = new float[3];
    floats.copyTo(first);
    assertArrayEquals(new float[] {7, 8, 3}, first);
    ints.copyFrom(new int[] {9, 8, 7, 6});
    assertEquals(6, ints.getInt(3));
  }

  @Test
  void shouldCopyTensorsOfTheSameType() {
    final Tensor other = slab.tensor(192, TensorType.float32(Shape.of(2, 3)));
    other.copyFrom(new float[] {1, 2, 3, 4, 5, 6});
    floats.copyFrom(other);
    assertArrayEquals(other.toFloatArray(), floats.toFloatArray());
    final Tensor flat = slab.tensor(192, TensorType.float32(Shape.of(6)));
    assertMessage("tensor mismatch: expected=f32[2,3], actual=f32[6]", () -> floats.copyFrom(flat));
    assertMessage("tensor mismatch: expected=f32[2,3], actual=i32[4]", () -> floats.copyFrom(ints));
  }

  @Test
  void shouldRefuseIndicesOutOfRange() {
    for (final long index : new long[] {-1, 6, Long.MAX_VALUE, Long.MIN_VALUE}) {
      final String message = "index into f32[2,3] out of range: expected=0 to 5, actual=" + index;
      assertMessage(message, () -> floats.get(index));
      assertMessage(message, () -> floats.set(index, 1));
    }
    for (final long index : new long[] {-1, 4}) {
      final String message = "index into i32[4] out of range: expected=0 to 3, actual=" + index;
      assertMessage(message, () -> ints.getInt(index));
      assertMessage(message, () -> ints.setInt(index, 1));
    }
  }

  @Test
  void shouldRefuseArraysThatAreTooLong() {
    final String message = "element count mismatch: expected=at most 6, actual=7";
    assertMessage(message, () -> floats.copyFrom(new float[7]));
    assertMessage(message, () -> floats.copyTo(new float[7]));
    assertMessage(
        "element count mismatch: expected=at most 4, actual=5", () -> ints.copyFrom(new int[5]));
  }

  @Test
  void shouldRefuseTheOtherElementType() {
    final String wantsFloats = "element type mismatch: expected=FLOAT32, actual=INT32";
    assertMessage(wantsFloats, () -> ints.get(0));
    assertMessage(wantsFloats, () -> ints.set(0, 1));
    assertMessage(wantsFloats, () -> ints.copyFrom(new float[1]));
    assertMessage(wantsFloats, () -> ints.copyTo(new float[1]));
    assertMessage(wantsFloats, ints::toFloatArray);
    final String wantsInts = "element type mismatch: expected=INT32, actual=FLOAT32";
    assertMessage(wantsInts, () -> floats.getInt(0));
    assertMessage(wantsInts, () -> floats.setInt(0, 1));
    assertMessage(wantsInts, () -> floats.copyFrom(new int[1]));
  }

  @Test
  void shouldRefuseUseAfterItsSlabWasClosed() {
    slab.close();
    for (final Executable use :
        new Executable[] {
          () -> floats.get(0),
          () -> floats.set(0, 1),
          () -> ints.getInt(0),
          () -> ints.setInt(0, 1),
          () -> floats.copyFrom(new float[1]),
          () -> ints.copyFrom(new int[1]),
          () -> floats.copyFrom(floats),
          () -> floats.copyTo(new float[1]),
          floats::toFloatArray,
          floats::address,
          floats::segment,
          floats::acquire
        }) {
      assertMessage("block is closed: expected=open, actual=closed", use);
    }
    assertEquals(Shape.of(2, 3), floats.shape(), "its type is known for ever");
  }

  @Test
  void shouldKeepItsSlabOpenWhileAcquired() {
    floats.acquire();
    assertMessage("block is in use: expected=no run in progress, actual=1", slab::close);
    floats.release();
    slab.close();
    assertEquals(false, slab.isOpen());
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
