package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.tools.data.IdxFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything bad ends with one line that says what was expected, and leaves nothing behind. */
final class BadInputTest {
  @TempDir private Path folder;

  private Path out() {
    return folder.resolve("out");
  }

  private void assertTrainFails(final int code, final Object data, final String... parts)
      throws IOException {
    CommandLineFixture.execute("train", "--data", data, "--epochs", 1, "--out", out())
        .assertFails(code, parts);
    assertNothingWritten();
  }

  private void assertNothingWritten() throws IOException {
    assertFalse(Files.exists(out()));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(), files.filter(file -> file.getFileName().toString().startsWith(".")).toList());
    }
  }

  private Path csv(final String text) throws IOException {
    return Files.writeString(folder.resolve("data.csv"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--activation=relo | unknown activation \"relo\": expected=one of [relu, sigmoid, tanh, ",
        "--activation=relo | nearest=relu",
        "--optimizer=adan  | unknown optimizer \"adan\": expected=one of [sgd, momentum, nesterov,",
        "--loss=msee       | nearest=mse",
        "--schedule=lineer | unknown schedule \"lineer\": expected=one of [constant, linear,"
            + " warmup, ",
        "--schedule=lineer | nearest=linear",
        "--schedule=warmup | arguments of warmup mismatch: expected=steps, actual=[]",
        "--weight-decay=-1 | weight decay out of range: expected=a finite float32 of 0 or more",
        "--l1=-1           | strength of l1 out of range: expected=a finite float32 of 0 or more",
        "--clip-value=0    | largest value of gradients out of range: expected=above 0, actual=0.0",
        "--clip-weights=-1 | largest value of weights out of range: expected=above 0, actual=-1.0",
        "--clip-norm=NaN   | largest norm of gradients out of range: expected=above 0, actual=NaN",
        "--accumulate=0    | accumulated batches out of range: expected=1 or more, actual=0",
        "--average=1       | decay of average out of range: expected=0 or more, below 1,"
            + " actual=1.0",
        "--patience=-1     | patience out of range: expected=1 or more, or 0 for none, actual=-1",
        "--target-loss=NaN | target loss out of range: expected=a finite number, actual=NaN",
        "--max-seconds=0   | most seconds out of range: expected=above 0, actual=0.0",
        "--loss=msee       | unknown loss \"msee\": expected=one of [cross-entropy, mse,",
        "--loss=dice       | loss for targets that are a class or a number mismatch: expected=one"
            + " of",
        "--loss=huber(0)   | delta of huber out of range: expected=a finite number above 0",
        "--class-weights=a | --class-weights mismatch: expected=balanced or numbers",
        "--class-weights=-1,1 | weight of class 0 out of range: expected=a finite number of 0 or",
        "--label-smoothing=2 | label smoothing out of range: expected=0 to 1, actual=2.0",
        "--backend=jaba    | nearest=java",
        "--model=mpl       | nearest=mlp",
        "--model=64-0-10   | expected=sizes of 1 or more",
        "--header=maybe    | unknown header setting \"maybe\"",
        "--separator=pipe  | unknown separator \"pipe\"",
        "--batch=0         | batch out of range: expected=1 or more, actual=0",
        "--epochs=0        | epochs out of range: expected=1 or more, actual=0",
        "--lr=-0.1         | learning rate out of range: expected=a finite float32 above 0",
        "--lr=NaN          | learning rate out of range",
        "--threads=0       | threads out of range: expected=1 to 1024, actual=0",
        "--epoks=3         | unknown option",
        "extra             | actual=extra"
      })
  void shouldExplainWrongUsage(final String option, final String part) throws IOException {
    CommandLineFixture.execute("train", "--out", out(), option).assertFails(2, part);
    assertNothingWritten();
  }

  @Test
  void shouldNameTheNearestOptionAndCommand() {
    CommandLineFixture.execute("train", "--epoks", 3).assertFails(2, "nearest=--epochs");
    CommandLineFixture.execute("tarin").assertFails(2, "\"tarin\"", "nearest=train");
    CommandLineFixture.execute()
        .assertFails(
            2, "expected=one of [train, predict, evaluate, info, text, gan, fit, diagnose]");
    CommandLineFixture.execute("predict", "--data", "x").assertFails(2, "--from");
  }

  @Test
  void shouldExplainSizesThatDoNotFit() throws IOException {
    CommandLineFixture.execute("train", "--model", "784-256-10", "--out", out())
        .assertFails(1, "expected=64, the features of the data, actual=784");
    CommandLineFixture.execute("train", "--model", "64-32-3", "--out", out())
        .assertFails(1, "expected=10, the classes of digits", "actual=3");
    assertNothingWritten();
  }

  @Test
  void shouldExplainDamagedIdxFiles() throws IOException {
    IdxFixtures.pair(folder, "train", 30);
    final Path images = folder.resolve("train-images-idx3-ubyte");
    final byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length - 1));
    assertTrainFails(1, folder, images.toString(), "expected=120 bytes", "actual=119");
    Files.write(images, Arrays.copyOf(whole, whole.length + 1));
    assertTrainFails(1, folder, "expected=120 bytes", "actual=more");
    Files.write(images, IdxFixtures.idx(new byte[16], Integer.MAX_VALUE, 2, 2));
    assertTrainFails(1, folder, "as its header [2147483647, 2, 2] says", "actual=16");
    Files.write(images, new byte[] {1, 2, 3, 4});
    assertTrainFails(1, folder, "expected=00 00 08", "actual=01 02 03 04");
  }

  @Test
  void shouldExplainLabelsOutOfRange() throws IOException {
    IdxFixtures.pair(folder, "train", 30);
    final byte[] labels = new byte[30];
    labels[1] = 1;
    labels[7] = (byte) 200;
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxFixtures.idx(labels, 30));
    assertTrainFails(1, folder, "label of row 8", "expected=0 to 1", "actual=200");
    CommandLineFixture.execute("train", "--data", folder, "--model", "4-10", "--out", out())
        .assertFails(1, "label of row 8", "expected=0 to 9, the network's outputs", "actual=200");
    assertNothingWritten();
  }

  @Test
  void shouldExplainLabelsOfATestThatTheTrainingLacks() throws IOException {
    IdxFixtures.pair(folder, "train", 30);
    IdxFixtures.pair(folder, "t10k", 6);
    final byte[] labels = {0, 1, 2, 3, 0, 1};
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxFixtures.idx(labels, 6));
    assertTrainFails(1, folder, "label of row 4", "expected=one of [0, 1, 2]", "actual=3");
  }

  @Test
  void shouldExplainBadTables() throws IOException {
    assertTrainFails(1, csv("a,kind\n1,x\nNaN,y\n"), "line 3, column 1 (a)", "a finite number");
    assertTrainFails(1, csv("a,kind\n1,x\n2\n"), "fields in line 3", "expected=2, actual=1");
    assertTrainFails(1, csv(""), "rows of", "expected=1 or more, actual=0");
    assertTrainFails(1, csv("a,kind\n1,x\n2,y\n"), "expected=7 or more", "actual=2");
    assertTrainFails(1, csv("a,kind\n1,x\n2,x\n"), "classes of", "actual=[x]");
    assertTrainFails(1, folder.resolve("none"), "actual=nothing of that name");
    assertTrainFails(1, folder, "expected=train-images-idx3-ubyte[.gz]");
    CommandLineFixture.execute("train", "--data", csv("a,b\n1,x\n"), "--loss", "mse")
        .assertFails(1, "target of row 1", "expected=a finite number, actual=\"x\"");
  }

  @Test
  void shouldExplainALossThatIsNoNumberAndWriteNothing() throws IOException {
    CommandLineFixture.execute(
            "train", "--optimizer", "sgd", "--lr", "1e30", "--epochs", 2, "--out", out())
        .assertFails(1, "loss at step", "expected=a finite number");
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAPlaceThatCannotBeWritten() throws IOException {
    final Path file = Files.writeString(folder.resolve("file"), "mine");
    CommandLineFixture.execute("train", "--out", file).assertFails(2, "a folder, or a file ending");
    CommandLineFixture.execute("train", "--out", file.resolve("below"))
        .assertFails(1, "expected=a folder to write in, actual=" + file + ", a file");
    CommandLineFixture.execute("train", "--out", out(), "--report", folder)
        .assertFails(1, "expected=a file to write, actual=a folder");
    assertEquals("mine", Files.readString(file));
    assertNothingWritten();
  }

  @Test
  void shouldRefuseAModelThatIsNone() throws IOException {
    final Path file = csv("1,2,3\n");
    for (final String command : new String[] {"predict", "evaluate"}) {
      CommandLineFixture.execute(command, "--from", file, "--data", "digits")
          .assertFails(1, file + " is not a model file");
      CommandLineFixture.execute(command, "--from", folder.resolve("none"), "--data", "digits")
          .assertFails(1, "expected=a model file, actual=no such file");
    }
  }

  @Test
  void shouldShowAStackTraceWhereAskedTo() {
    final CommandLineFixture verbose =
        CommandLineFixture.execute("train", "--data", folder.resolve("none"), "--verbose");
    assertEquals(1, verbose.exitCode());
    assertTrue(verbose.err().contains("\tat dev.gradus.tools."), verbose.err());
  }
}
