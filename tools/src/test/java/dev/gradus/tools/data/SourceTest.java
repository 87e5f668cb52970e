package dev.gradus.tools.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Scaling;
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
    return Source.forTraining(path.toString(), CsvOptions.defaults(), null, 0);
  }

  private Samples forScoring(final Path path, final int width) {
    return Source.forScoring(
        path.toString(), CsvOptions.defaults(), List.of(), "", -1, new boolean[width]);
  }

  private void assertRefused(final String... parts) {
    final GradusException e = assertThrows(GradusException.class, () -> open(folder));
    for (final String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void shouldReadTheDigitsThatShip() {
    final Samples digits = Source.forTraining("digits", CsvOptions.defaults(), null, 0).samples();
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

  private void splits(final String data, final String training) throws IOException {
    Files.writeString(folder.resolve("data.txt"), data);
    Files.writeString(folder.resolve("index_features.txt"), "2\n0\n");
    Files.writeString(folder.resolve("index_target.txt"), "1\n");
    Files.writeString(folder.resolve("index_train_0.txt"), training);
    Files.writeString(folder.resolve("index_test_0.txt"), "1\n");
  }

  @Test
  void shouldReadAFolderThatSaysItsSplits() throws IOException {
    splits(" 1 2\t3.5 \n4   5 6\n7 8 9\n \n", "2\n0.000e+00\n");
    final Source source = open(folder);
    assertEquals(1, Source.splits(folder.toString()));
    assertEquals(List.of("8.0", "2.0"), source.samples().targets());
    assertEquals(9, source.samples().features().get(0, 0));
    assertEquals(3.5, source.samples().features().get(1, 0));
    assertEquals(1, source.samples().features().get(1, 1));
    assertEquals(List.of("5.0"), source.test().targets());
    assertEquals(6, source.test().features().get(0, 0));
  }

  @Test
  void shouldRefuseDamagedSplits() throws IOException {
    splits("1 2 3\n4 5\n", "0\n");
    assertRefused("numbers in line 2 of", "expected=3, actual=2");
    splits("1 2 3\n4 x 6\n", "0\n");
    assertRefused("number 2 in line 2 of", "expected=a finite number, actual=\"x\"");
    splits("1 2 3\n4 5 6\n", "0\n2\n");
    assertRefused("line 2 of", "index_train_0.txt", "expected=0 to 1, one of the rows");
    splits("1 2 3\n4 5 6\n", "0.5\n");
    assertRefused("line 1 of", "actual=0.5");
    splits("\n", "0\n");
    assertRefused("lines of", "data.txt", "expected=1 or more, actual=0");
  }

  @Test
  void shouldTakeATableForTheTest() throws IOException {
    final Path training = Files.writeString(folder.resolve("a.csv"), "x,kind,y\n1,a,2\n3,b,4\n");
    final Path test = Files.writeString(folder.resolve("b.csv"), "y,x,kind\n7,6,b\n");
    final CsvOptions options = new CsvOptions("kind", CsvOptions.Header.AUTO, ',', CsvOptions.AUTO);
    final Source source = Source.forTraining(training.toString(), options, test, 0);
    assertEquals(List.of("b"), source.test().targets());
    assertEquals(6, source.test().features().get(0, 0), "found by name");
    assertEquals(7, source.test().features().get(0, 1));

    Files.writeString(test, "x,y\n6,7\n");
    assertTestRefused(training, options, test, "targets of", "expected=a label for each row");
    Files.writeString(test, "x,kind\n6,b\n");
    assertTestRefused(training, options, test, "one named \"y\"");
    assertTestRefused(folder, options, test, "data with --test mismatch: expected=a CSV table");
  }

  private static void assertTestRefused(
      final Path data, final CsvOptions options, final Path test, final String... parts) {
    final GradusException e =
        assertThrows(
            GradusException.class, () -> Source.forTraining(data.toString(), options, test, 0));
    for (final String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }
}
