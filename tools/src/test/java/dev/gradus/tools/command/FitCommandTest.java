package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Curves, fitted as a user asks for it. */
final class FitCommandTest {
  @TempDir private Path folder;

  private CommandLineFixture fit(final String curve, final String method) {
    return CommandLineFixture.execute(
            "fit", curve, "--method", method, "--backend=java", "--out", folder)
        .assertFine();
  }

  private static double rmse(final CommandLineFixture run) {
    final String line =
        run.lines().stream().filter(text -> text.startsWith("RMSE ")).findFirst().orElseThrow();
    return Double.parseDouble(line.replaceAll("RMSE +(\\S+) .*", "$1"));
  }

  /** The noise leaves an error of its deviation times the root of parameters by points. */
  @ParameterizedTest
  @CsvSource({
    "line,lbfgs,0.03",
    "line,adam,0.03",
    "line,cg,0.03",
    "line,lm,0.03",
    "line,random,0.03",
    "line,anneal,0.05",
    "sine,lbfgs,0.03",
    "sine,adam,0.03",
    "sine,cg,0.04",
    "sine,lm,0.03",
    "sine,anneal,0.2",
    "sine,random,0.2",
    "hard,lbfgs,0.06"
  })
  void shouldFit(final String curve, final String method, final double most) {
    final CommandLineFixture run = fit(curve, method);
    final double error = rmse(run);
    assertTrue(error <= most && error > 0, run.out());
  }

  /** As the first weights are on no curve, another network would have to learn it, too. */
  @Test
  void shouldBeFarFromTheCurveBefore() {
    final CommandLineFixture run =
        CommandLineFixture.execute(
                "fit", "sine", "--iterations=1", "--backend=java", "--out", folder)
            .assertFine();
    assertTrue(rmse(run) > 0.2, run.out());
  }

  /** Blue points, an orange curve and a green one, as far as the library's colours go. */
  @Test
  void shouldDrawDataCurveAndFit() throws IOException {
    fit("line", "lm");
    final BufferedImage picture = ImageIO.read(folder.resolve("fit-line.png").toFile());
    assertEquals(800, picture.getWidth());
    final long coloured =
        IntStream.range(0, picture.getWidth() * picture.getHeight())
            .map(i -> picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) & 0xFFFFFF)
            .filter(rgb -> Math.abs((rgb >> 16) - (rgb & 0xFF)) > 100)
            .distinct()
            .count();
    assertTrue(coloured >= 3, coloured + " colours");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sin  | --seed=1        | unknown curve \"sin\": expected=one of [line, sine, hard],",
        "sine | --method=bfgs   | unknown method \"bfgs\": expected=one of [adam, lbfgs, cg, lm,",
        "sine | --method=bfgs   | nearest=lbfgs",
        "sine | --points=1      | points out of range: expected=2 or more, actual=1",
        "sine | --noise=-1      | noise out of range: expected=a finite number of 0 or more",
        "sine | --iterations=-1 | iterations out of range: expected=1 or more, or 0 for usual"
      })
  void shouldRefuseWhatItCannotFit(final String curve, final String option, final String message) {
    CommandLineFixture.execute("fit", curve, option, "--out", folder).assertFails(2, message);
  }
}
