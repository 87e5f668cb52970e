package dev.gradus.tools.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceTest {
  @TempDir private Path folder;

  private Source open(final Path path) {
    return Source.forTraining(path.toString(), CsvOptions.defaults());
  }

  private Samples forScoring(final Path path, final int width) {
    return Source.forScoring(path.toString(), CsvOptions.defaults(), List.of(), width, "", -1);
  }

  private void assertRefused(final String... parts) {
    final GradusException e = assertThrows(GradusException.class, () -> open(folder));
    for (final String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void shouldReadTheDigitsThatShip() {
    final Samples digits = Source.forTraining("digits", CsvOptions.defaults()).samples();
    assertEquals(1797, digits.rows());
    assertEquals(64, digits.features().width());
    assertEquals(13, digits.features().get(0, 3));
    assertEquals(List.of("0", "1"), digits.targets().subList(0, 2));
    assertEquals(10, Classes.of(digits, 0).size());
  }

  @Test
  void shouldReadAFolderOfBothParts() throws IOException {
    IdxFixtures.pair(folder, "train", 30);
    IdxFixtures.pair(folder, "t10k", 6);
    final Source source = open(folder);
    assertEquals(30, source.samples().rows());
    assertEquals(6, source.test().rows());
    assertEquals(4, source.samples().features().width());
    assertEquals(255, source.samples().features().get(1, 1));
    assertEquals(Scaling.uniform(255), source.scaling());
    assertEquals(6, forScoring(folder, 4).rows());
  }

  @Test
  void shouldReadAFolderWithoutATest() throws IOException {
    IdxFixtures.pair(folder, "train", 30);
    assertNull(open(folder).test());
    assertEquals(30, forScoring(folder, 4).rows());
  }

  @Test
  void shouldTakeDotsAndGzipInNames() throws IOException {
    IdxFixtures.pair(folder, "train", 9);
    Files.move(
        folder.resolve("train-images-idx3-ubyte"), folder.resolve("train-images.idx3-ubyte"));
    Files.write(
        folder.resolve("train-labels.idx1-ubyte.gz"),
        IdxFixtures.gzip(Files.readAllBytes(folder.resolve("train-labels-idx1-ubyte"))));
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    assertEquals(9, open(folder).samples().rows());
    assertEquals(9, open(folder.resolve("train-images.idx3-ubyte")).samples().targets().size());
  }

  @Test
  void shouldReadImagesWithoutLabelsForPrediction() throws IOException {
    IdxFixtures.pair(folder, "new", 9);
    Files.delete(folder.resolve("new-labels-idx1-ubyte"));
    final Samples samples = forScoring(folder.resolve("new-images-idx3-ubyte"), 4);
    assertFalse(samples.hasTargets());
    final GradusException e = assertThrows(GradusException.class, () -> samples.requireTargets());
    assertTrue(e.getMessage().contains("expected=a label for each row, actual=none"));
  }

  @Test
  void shouldRefuseAFolderWithoutImages() {
    assertRefused("expected=train-images-idx3-ubyte[.gz]", "actual=neither");
  }

  @Test
  void shouldRefuseImagesWithoutLabels() throws IOException {
    IdxFixtures.pair(folder, "train", 9);
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    assertRefused("expected=train-labels-idx1-ubyte[.gz] beside train-images-idx3-ubyte");
  }

  @Test
  void shouldRefuseAnotherNumberOfLabels() throws IOException {
    IdxFixtures.pair(folder, "train", 9);
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxFixtures.idx(new byte[8], 8));
    assertRefused("labels", "expected=9, one for each image, actual=8");
  }

  @Test
  void shouldRefuseATestOfOtherImages() throws IOException {
    IdxFixtures.pair(folder, "train", 9);
    IdxFixtures.pair(folder, "t10k", 9);
    Files.write(folder.resolve("t10k-images-idx3-ubyte"), IdxFixtures.idx(new byte[9], 9, 1, 1));
    assertRefused("pixels of an image", "expected=4, actual=1");
  }

  @Test
  void shouldRefuseDataOfAnotherWidthThanTheModel() throws IOException {
    IdxFixtures.pair(folder, "t10k", 9);
    final GradusException e = assertThrows(GradusException.class, () -> forScoring(folder, 784));
    assertTrue(e.getMessage().contains("expected=784, the model's inputs, actual=4"));
  }

  @Test
  void shouldPreferAFileOfThatNameToTheDigits() {
    assertEquals(1797, open(Path.of("digits")).samples().rows());
    assertThrows(GradusException.class, () -> open(folder.resolve("digits")));
  }
}
