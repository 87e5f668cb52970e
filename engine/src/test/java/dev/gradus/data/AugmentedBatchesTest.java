package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Images changed on their way from the data to a batch. */
final class AugmentedBatchesTest {
  private static final int ROWS = 11;
  private static final int CLASSES = 3;
  private static final Shape IMAGE = Shape.batched(1, 6, 5);
  private static final int PIXELS = 30;
  private static final Augmentation ALL =
      Augmentations.parse("shift(2) rotate(10) scale(0.1) flip vertical_flip noise(0.1) cutout(2)");

  private final MemoryAccount account = new MemoryAccount();
  private final Dataset data = Dataset.classification(account, Shape.batched(PIXELS), ROWS);
  private final Dataset numbers =
      Dataset.open(account, TensorType.float32(IMAGE), TensorType.float32(Shape.batched(2)), ROWS);
  private final Slab plan = Slab.open(account, "plan", 8192);
  private final Tensor input = plan.tensor(0, TensorType.float32(Shape.of(ROWS, PIXELS)));
  private final Tensor labels = plan.tensor(4096, TensorType.int32(Shape.of(ROWS)));
  private final Tensor shares = plan.tensor(5120, TensorType.float32(Shape.of(ROWS, CLASSES)));
  private final Tensor pair = plan.tensor(6144, TensorType.float32(Shape.of(ROWS, 2)));

  AugmentedBatchesTest() {
    for (int row = 0; row < ROWS; row++) {
      data.targets().setInt(row, row % CLASSES);
      numbers.targets().set(2L * row, row);
      numbers.targets().set(2L * row + 1, 1);
      for (int i = 0; i < PIXELS; i++) {
        data.features().set((long) row * PIXELS + i, 100 * row + i + 1);
        // The same everywhere, so that what is mixed can be told.
        numbers.features().set((long) row * PIXELS + i, row);
      }
    }
  }

  @AfterEach
  void close() {
    data.close();
    numbers.close();
    plan.close();
    assertEquals(0, account.openBytes());
  }

  private Batches batches(final int size, final long seed) {
    return new Batches(data, Split.all(ROWS), size, seed, true, true);
  }

  /** The image of each row in an epoch, whatever the batches. */
  private float[][] epoch(final Batches batches, final int epoch) {
    final float[][] images = new float[ROWS][];
    final Batches order = batches(batches.batchSize(), 5);
    batches.startEpoch(epoch);
    order.startEpoch(epoch);
    for (int rows = batches.next(input, labels); rows > 0; rows = batches.next(input, labels)) {
      final float[] all = input.toFloatArray();
      assertEquals(rows, order.next(input, labels));
      for (int i = 0; i < rows; i++) {
        final int row = (int) input.get((long) i * PIXELS) / 100;
        images[row] = Arrays.copyOfRange(all, i * PIXELS, (i + 1) * PIXELS);
        assertEquals(row % CLASSES, labels.getInt(i), "labels stay with their images");
      }
    }
    return images;
  }

  @Test
  void shouldChangeImagesBySeedEpochAndRowAlone() {
    final float[][] images = epoch(batches(4, 5).augmented(ALL, IMAGE), 2);
    final Batches other = batches(3, 5).augmented(ALL, IMAGE);
    final float[][] earlier = epoch(other, 0);
    assertArrayEquals(images, epoch(other, 2), "in other batches, after another epoch");
    for (int row = 0; row < ROWS; row++) {
      assertFalse(Arrays.equals(images[row], earlier[row]), "another epoch, another image");
    }
    final Batches few = new Batches(data, new int[] {7}, 1, 5, false, true).augmented(ALL, IMAGE);
    few.startEpoch(2);
    assertEquals(1, few.next(input, labels));
    assertArrayEquals(
        images[7], Arrays.copyOf(input.toFloatArray(), PIXELS), "whatever rows there are");
    final Batches seeded =
        new Batches(data, new int[] {7}, 1, 6, false, true).augmented(ALL, IMAGE);
    seeded.startEpoch(2);
    seeded.next(input, labels);
    assertFalse(Arrays.equals(images[7], Arrays.copyOf(input.toFloatArray(), PIXELS)));
  }

  @Test
  void shouldLeaveTheDataAsTheyAre() {
    final float[] before = data.features().toFloatArray();
    epoch(batches(4, 5).augmented(ALL, IMAGE), 0);
    assertArrayEquals(before, data.features().toFloatArray());
  }

  @Test
  void shouldMixImagesAndTargetsAlike() {
    final Batches mixing =
        new Batches(numbers, Split.all(ROWS), 4, 5, true, true)
            .augmented(Augmentation.of().withMixup(1), IMAGE);
    mixing.startEpoch(1);
    boolean between = false;
    for (int rows = mixing.next(input, pair); rows > 0; rows = mixing.next(input, pair)) {
      for (int i = 0; i < rows; i++) {
        final float mixed = pair.get(2L * i);
        between |= Math.abs(mixed - Math.rint(mixed)) > 0.01;
        assertEquals(1, pair.get(2L * i + 1), 0x1p-23);
        for (int p = 0; p < PIXELS; p++) {
          assertEquals(mixed, input.get((long) i * PIXELS + p));
        }
      }
    }
    assertTrue(between, "some rows are mixed");
  }

  @Test
  void shouldTurnLabelsIntoProbabilities() {
    final Batches plain = new Batches(data, Split.all(ROWS), ROWS, 5, false, true);
    plain.startEpoch(0);
    assertEquals(ROWS, plain.next(input, shares));
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < CLASSES; c++) {
        assertEquals(row % CLASSES == c ? 1f : 0f, shares.get((long) row * CLASSES + c));
      }
    }
  }

  @Test
  void shouldMixLabelsAsProbabilities() {
    final Batches mixing =
        new Batches(data, Split.all(ROWS), ROWS, 5, false, true)
            .augmented(Augmentation.of().withMixup(1), IMAGE);
    boolean mixed = false;
    mixing.startEpoch(3);
    mixing.next(input, shares);
    for (int row = 0; row < ROWS; row++) {
      // Pixel p of row r is 100 r + p + 1, so all tell the same mean of the two row numbers.
      final double mean = (input.get((long) row * PIXELS) - 1) / 100;
      double sum = 0;
      double best = Double.POSITIVE_INFINITY;
      for (int c = 0; c < CLASSES; c++) {
        sum += shares.get((long) row * CLASSES + c);
      }
      assertEquals(1, sum, 0x1p-23);
      final double own = shares.get((long) row * CLASSES + row % CLASSES);
      for (int other = 0; other < ROWS; other++) {
        if (other % CLASSES != row % CLASSES) {
          best = Math.min(best, Math.abs(own * row + (1 - own) * other - mean));
        }
      }
      if (own < 1) {
        mixed = true;
        assertEquals(0, best, 1e-4, "row " + row);
      }
    }
    assertTrue(mixed, "some rows are mixed with another class");
  }

  @Test
  void shouldRefuseWhatItCannotAugment() {
    assertMessage(
        "rows to augment mismatch: expected=float images [N,1,28,28], actual=f32[11,30]",
        () -> batches(4, 5).augmented(ALL, Shape.batched(1, 28, 28)));
    assertMessage(
        "shape of images to augment mismatch: expected=[N,channels,height,width] or"
            + " [N,height,width], actual=[N,30]",
        () -> batches(4, 5).augmented(ALL, Shape.batched(PIXELS)));
    assertMessage(
        "batches to be augmented mismatch: expected=not augmented yet, actual=augmented",
        () -> batches(4, 5).augmented(ALL, IMAGE).augmented(ALL, IMAGE));
    final Batches mixing = batches(4, 5).augmented(Augmentation.of().withMixup(1), IMAGE);
    mixing.startEpoch(0);
    input.set(0, -1);
    assertMessage(
        "target of a batch to mix mismatch: expected=floats [N,classes], a probability for each"
            + " class, actual=i32[11]",
        () -> mixing.next(input, labels));
    assertMessage(
        "label of row 2 out of range: expected=0 to 1, actual=2",
        () -> {
          final Batches first = new Batches(data, new int[] {2}, 1, 5, false, true);
          first.startEpoch(0);
          first.next(input, pair);
        });
    assertEquals(-1, input.get(0), "nothing was handed over");
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
