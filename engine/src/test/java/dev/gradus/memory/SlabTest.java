package dev.gradus.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlabTest {
  private final MemoryAccount account = new MemoryAccount();

  @ParameterizedTest
  @ValueSource(longs = {1, 63, 64, 65, 4097, 1 << 20})
  void shouldAlignAndZero(final long bytes) {
    try (Slab slab = Slab.open(account, "block", bytes)) {
      assertEquals(0, slab.segment().address() % Slab.ALIGNMENT);
      assertEquals(bytes, slab.segment().byteSize());
      for (long at = 0; at < bytes; at++) {
        assertEquals(0, slab.segment().get(ValueLayout.JAVA_BYTE, at), "byte " + at);
      }
    }
  }

  @Test
  void shouldRoundUpToTheAlignment() {
    assertEquals(0, Slab.aligned(0));
    assertEquals(64, Slab.aligned(1));
    assertEquals(64, Slab.aligned(64));
    assertEquals(128, Slab.aligned(65));
  }

  @Test
  void shouldAccountForWhatIsOpen() {
    final Slab first = Slab.open(account, "first", 100);
    final Slab second = Slab.open(account, "second", 28);
    assertEquals(128, account.openBytes());
    first.close();
    assertEquals(28, account.openBytes());
    assertEquals(128, account.peakBytes());
    first.close();
    assertEquals(28, account.openBytes(), "a second close must not count");
    second.close();
    assertEquals(0, account.openBytes());
    assertEquals(128, account.peakBytes());
  }

  @Test
  void shouldOpenAnEmptySlab() {
    try (Slab slab = Slab.open(account, "nothing", 0)) {
      assertEquals(0, slab.bytes());
      assertTrue(slab.isOpen());
    }
  }

  @Test
  void shouldRefuseToCloseWhileInUse() {
    final Slab slab = Slab.open(account, "block", 64);
    slab.acquire();
    slab.acquire();
    assertEquals(
        "block is in use: expected=no run in progress, actual=2",
        assertThrows(GradusException.class, slab::close).getMessage());
    slab.release();
    assertThrows(GradusException.class, slab::close);
    assertTrue(slab.isOpen());
    assertEquals(64, account.openBytes());
    slab.release();
    slab.close();
    assertFalse(slab.isOpen());
    assertEquals(0, account.openBytes());
  }

  @Test
  void shouldRefuseUseAfterClose() {
    final Slab slab = Slab.open(account, "block", 64);
    slab.close();
    final String message = "block is closed: expected=open, actual=closed";
    assertEquals(message, assertThrows(GradusException.class, slab::acquire).getMessage());
    assertEquals(
        message,
        assertThrows(GradusException.class, () -> slab.tensor(0, TensorType.float32(Shape.of(1))))
            .getMessage());
    assertThrows(IllegalStateException.class, () -> slab.segment().get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void shouldRefuseSizesThatAreNotToBeHad() {
    assertEquals(
        "bytes of block out of range: expected=0 or more, actual=-1",
        assertThrows(GradusException.class, () -> Slab.open(account, "block", -1)).getMessage());
    for (final long bytes : new long[] {Long.MAX_VALUE, 1L << 60}) {
      assertEquals(
          "off-heap memory for block is not to be had: expected=" + bytes + " bytes",
          assertThrows(GradusException.class, () -> Slab.open(account, "block", bytes))
              .getMessage());
    }
    assertEquals(0, account.openBytes());
    assertEquals(0, account.peakBytes());
  }

  @Test
  void shouldRefuseTensorsThatDoNotLieInIt() {
    try (Slab slab = Slab.open(account, "block", 256)) {
      final TensorType type = TensorType.float32(Shape.of(16)); // 64 bytes
      assertEquals(192, slab.tensor(192, type).address() - slab.segment().address());
      assertEquals(
          "byte offset in block out of range: expected=a multiple of 64, actual=4",
          assertThrows(GradusException.class, () -> slab.tensor(4, type)).getMessage());
      for (final long offset : new long[] {-64, 256, 1L << 40}) {
        assertEquals(
            "place in block mismatch: expected=within 256 bytes, actual=64 bytes from " + offset,
            assertThrows(GradusException.class, () -> slab.tensor(offset, type)).getMessage());
      }
      assertThrows(
          GradusException.class, () -> slab.tensor(0, TensorType.float32(Shape.of(1 << 30))));
    }
  }

  @Test
  void shouldCloseOnceWhereManyTry() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      final Slab slab = Slab.open(account, "block", 64);
      final AtomicInteger unexpected = new AtomicInteger();
      final Thread[] threads = new Thread[3];
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, thrown) -> unexpected.incrementAndGet())
                .start(slab::close);
      }
      for (final Thread thread : threads) {
        thread.join();
      }
      assertEquals(0, unexpected.get());
      assertEquals(0, account.openBytes());
    }
  }

  @Test
  void shouldNeverFreeWhatIsHeld() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      final Slab slab = Slab.open(account, "block", 64);
      final AtomicInteger wrong = new AtomicInteger();
      final Thread user =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      slab.acquire();
                    } catch (final GradusException e) {
                      return; // the other thread was first
                    }
                    if (!slab.isOpen()) {
                      wrong.incrementAndGet();
                    }
                    slab.release();
                  });
      boolean closed = false;
      while (!closed) {
        try {
          slab.close();
          closed = true;
        } catch (final GradusException e) {
          assertTrue(e.getMessage().startsWith("block is in use"), e.getMessage());
        }
      }
      user.join();
      assertEquals(0, wrong.get(), "round " + round);
    }
  }
}
