package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BatchesTest {
  private static final int ROWS = 23;
  private static final int FEATURES = 3;
  private static final int ROOM = 8;

  private final MemoryAccount account = new MemoryAccount();
  private final Dataset data = Dataset.classification(account, Shape.batched(FEATURES), ROWS);
  private final Slab plan = Slab.open(account, "plan", 1024);
  private final Tensor input = plan.tensor(0, TensorType.float32(Shape.of(ROOM, FEATURES)));
  private final Tensor target = plan.tensor(512, TensorType.int32(Shape.of(ROOM)));

  BatchesTest() {
    for (int row = 0; row < ROWS; row++) {
      data.targets().setInt(row, 100 + row);
      for (int feature = 0; feature < FEATURES; feature++) {
        data.features().set(row * FEATURES + feature, row + feature / 10f);
      }
    }
  }

  @AfterEach
  void close() {
    data.close();
    plan.close();
    assertEquals(0, account.openBytes());
  }

  private Batches batches(final int size, final boolean shuffle, final boolean keepLast) {
    return new Batches(data, Split.all(ROWS), size, 5, shuffle, keepLast);
  }

  /** The rows handed over in an epoch; checks that features and target of each belong together. */
  private List<Integer> epoch(final Batches batches, final int epoch) {
    final List<Integer> rows = new ArrayList<>();
    batches.startEpoch(epoch);
    int count = 0;
    for (int size = batches.next(input, target); size > 0; size = batches.next(input, target)) {
      count++;
      for (int i = 0; i < size; i++) {
        final int row = target.getInt(i) - 100;
        rows.add(row);
        for (int feature = 0; feature < FEATURES; feature++) {
          assertEquals(row + feature / 10f, input.get(i * FEATURES + feature));
        }
      }
    }
    assertEquals(batches.batchesPerEpoch(), count);
    assertEquals(0, batches.next(input, target), "the epoch has ended for good");
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"1, 23", "5, 5", "8, 3"})
  void shouldHandOverEachRowOncePerEpoch(final int size, final int count) {
    final Batches batches = batches(size, true, true);
    assertEquals(size, batches.batchSize());
    assertEquals(ROWS, batches.rows());
    assertEquals(count, batches.batchesPerEpoch());
    for (int epoch = 0; epoch < 3; epoch++) {
      final List<Integer> rows = new ArrayList<>(epoch(batches, epoch));
      rows.sort(null);
      assertArrayEquals(Split.all(ROWS), rows.stream().mapToInt(row -> row).toArray());
    }
  }

  @Test
  void shouldKeepTheOrderWhereItIsNotToShuffle() {
    final int[] chosen = {7, 3, 3, 22, 0};
    final Batches batches = new Batches(data, chosen, 2, 5, false, true);
    chosen[0] = 9; // the batches have their own copy
    assertEquals(List.of(7, 3, 3, 22, 0), epoch(batches, 0));
    assertEquals(List.of(7, 3, 3, 22, 0), epoch(batches, 1));
  }

  @Test
  void shouldShuffleBySeedAndEpochAlone() {
    final List<Integer> second = epoch(batches(5, true, true), 1);
    final Batches batches = batches(8, true, true);
    assertFalse(second.equals(epoch(batches, 0)), "another epoch, another order");
    assertEquals(second, epoch(batches, 1), "at any batch size, after any epoch");
    final Batches other = new Batches(data, Split.all(ROWS), 5, 6, true, true);
    assertFalse(second.equals(epoch(other, 1)), "another seed, another order");
    assertFalse(second.equals(epoch(batches(5, false, true), 1)));
  }

  @Test
  void shouldKeepOrDropTheShortLastBatch() {
    assertEquals(23, epoch(batches(5, true, true), 0).size());
    final Batches dropping = batches(5, true, false);
    assertEquals(4, dropping.batchesPerEpoch());
    assertEquals(20, epoch(dropping, 0).size());
    assertEquals(
        epoch(batches(5, true, true), 0).subList(0, 20), epoch(dropping, 0), "the same order");
  }

  @Test
  void shouldLeaveTheRoomBehindAShortBatchAsItIs() {
    target.setInt(3, -1);
    final Batches batches = batches(5, false, true);
    batches.startEpoch(0);
    for (int i = 0; i < 4; i++) {
      batches.next(input, target);
    }
    target.setInt(3, -1);
    assertEquals(3, batches.next(input, target));
    assertEquals(-1, target.getInt(3));
  }

  @Test
  void shouldStartAnEpochAnewBeforeItsEnd() {
    final Batches batches = batches(5, false, true);
    batches.startEpoch(0);
    batches.next(input, target);
    assertEquals(Arrays.stream(Split.all(ROWS)).boxed().toList(), epoch(batches, 0));
  }

  @Test
  void shouldRefuseSettingsOutOfRange() {
    final int[] all = Split.all(ROWS);
    assertMessage(
        "batch size out of range: expected=1 or more, actual=0",
        () -> new Batches(data, all, 0, 5, true, true));
    assertMessage(
        "rows to make batches of out of range: expected=1 or more, actual=0",
        () -> new Batches(data, new int[0], 5, 5, true, true));
    assertMessage(
        "rows to make batches of out of range: expected=24 or more, actual=23",
        () -> new Batches(data, all, 24, 5, true, false));
    for (final int row : new int[] {-1, ROWS}) {
      assertMessage(
          "row out of range: expected=0 to 22, actual=" + row,
          () -> new Batches(data, new int[] {0, row}, 5, 5, true, true));
    }
  }

  @Test
  void shouldRefuseRoomThatDoesNotFit() {
    final Tensor wide = plan.tensor(0, TensorType.float32(Shape.of(ROOM, FEATURES + 1)));
    final Tensor floats = plan.tensor(512, TensorType.float32(Shape.of(ROOM)));
    final Batches batches = batches(ROOM, false, true);
    assertMessage(
        "input of a batch mismatch: expected=FLOAT32 rows of 3, 8 or more, actual=f32[8,4]",
        () -> batches.next(wide, target));
    assertMessage(
        "target of a batch mismatch: expected=INT32 rows of 1, 8 or more, actual=f32[8]",
        () -> batches.next(input, floats));
    assertMessage(
        "input of a batch mismatch: expected=FLOAT32 rows of 3, 9 or more, actual=f32[8,3]",
        () -> batches(ROOM + 1, false, true).next(input, target));
    assertEquals(ROOM, batches.next(input, target));
    assertEquals(100, target.getInt(0), "what was refused has handed nothing over");
  }

  @Test
  void shouldTakeBatchesLargerThanTheRoomWhereTheRowsFit() {
    final Batches few = new Batches(data, new int[] {4, 2}, 1000, 5, false, true);
    assertEquals(1, few.batchesPerEpoch());
    assertEquals(List.of(4, 2), epoch(few, 0));
  }

  @Test
  void shouldRefuseUseAfterDataOrRoomWasClosed() {
    final Batches batches = batches(5, false, true);
    plan.close();
    assertMessage(
        "plan is closed: expected=open, actual=closed", () -> batches.next(input, target));
    data.close();
    assertMessage(
        "data set is closed: expected=open, actual=closed", () -> batches.next(input, target));
    assertMessage("data set is closed: expected=open, actual=closed", () -> data.features().get(0));
  }

  /** Copies through raw addresses: memory that went away beneath them would end the JVM. */
  @Test
  void shouldNeverWriteToRoomThatIsFreed() throws InterruptedException {
    final Shape wide = Shape.batched(1 << 18);
    try (Dataset large = Dataset.classification(account, wide, 32)) {
      final Batches batches = new Batches(large, Split.all(32), 32, 5, true, true);
      for (int round = 0; round < 5; round++) {
        // Blocks above 32 MiB are unmapped as soon as they are freed.
        final Slab room = Slab.open(account, "room", 33L << 20);
        final Tensor wideInput = room.tensor(0, TensorType.float32(wide.at(32)));
        final Tensor labels = room.tensor(32L << 20, TensorType.int32(Shape.of(32)));
        final CountDownLatch copying = new CountDownLatch(1);
        final Thread closing =
            Thread.ofPlatform()
                .start(
                    () -> {
                      await(copying);
                      closeWhenFree(room);
                    });
        boolean open = true;
        while (open) {
          try {
            batches.startEpoch(0);
            batches.next(wideInput, labels);
            copying.countDown();
          } catch (final GradusException e) {
            assertEquals("room is closed: expected=open, actual=closed", e.getMessage());
            open = false;
          }
        }
        closing.join();
      }
    }
  }

  private static void await(final CountDownLatch latch) {
    try {
      latch.await();
    } catch (final InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeWhenFree(final Slab slab) {
    while (slab.isOpen()) {
      try {
        slab.close();
      } catch (final GradusException e) {
        Thread.onSpinWait(); // in use
      }
    }
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
