package dev.gradus.bench.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(final String... arguments) {
    final CommandLine line = BenchMain.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  private void assertUsage(final String message, final String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(arguments), err.toString());
    assertTrue(err.toString().startsWith("gradus: " + message), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void shouldNameTheNearest() {
    assertUsage("unknown suite \"gem\": expected=one of [gemm, step,", "bench", "--suite", "gem");
    assertTrue(err.toString().strip().endsWith("nearest=gemm"), err.toString());
    assertUsage("unknown row \"gemm 64x64x65\"", "bench", "--row", "gemm 64x64x65");
    assertTrue(err.toString().contains("nearest=[gemm 64x64x64, "), err.toString());
    assertUsage("unknown row \"tanh 16 Ki\"", "bench", "--gate", "--row", "tanh 16 Ki");
    assertTrue(err.toString().strip().endsWith("nearest=kernel tanh 16 Ki"), err.toString());
    assertUsage("unknown option \"--sute\"", "bench", "--sute", "gemm");
  }

  @Test
  void shouldRefuseWhatCannotBe() throws IOException {
    assertUsage("threads out of range: expected=1 to ", "bench", "--threads", "0");
    assertUsage("threads out of range: expected=1 to ", "bench", "--threads", "1,0");
    assertUsage("--threads of the gate mismatch", "bench", "--gate", "--threads", "1,1");
    assertUsage("forks out of range: expected=1 or more", "bench", "--forks", "0");
    assertUsage("--forks of the gate mismatch", "bench", "--gate", "--forks", "2");
    assertUsage("vectors of the gate mismatch", "bench", "--gate", "--avx2");
    assertUsage("suite of the gate mismatch", "bench", "--gate", "--suite", "data");
    assertUsage(
        "rows of --update-baselines mismatch", "bench", "--update-baselines", "--suite", "gemm");
    assertUsage("effort mismatch", "bench", "--quick", "--full");
    assertUsage("margin out of range", "bench", "--gate", "--margin", "0");
    assertUsage("margin out of range", "bench", "--gate", "--margin", "-1");
    assertUsage("--against of the gate mismatch", "bench", "--gate", "--against", "peers");
    assertUsage("comparison no-such-commit mismatch", "bench", "--against", "no-such-commit");
    assertUsage(folder + " mismatch", "bench", "--report", folder.toString());
    assertUsage("model none.safetensors mismatch", "bench", "--model", "none.safetensors");
    final Path text = Files.writeString(folder.resolve("text.safetensors"), "no model");
    assertUsage(text + " is not a model file", "bench", "--model", text.toString());
    final Path inText = text.resolve("report.json");
    assertUsage(inText + " mismatch", "bench", "--report", inText.toString());
  }

  @Test
  void shouldListItselfBesideTheOthers() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("train") && out.toString().contains("bench"), "" + out);
  }
}
