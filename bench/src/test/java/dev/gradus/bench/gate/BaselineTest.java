package dev.gradus.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.bench.run.Machine;
import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BaselineTest {
  private static final Machine MACHINE = new Machine("A CPU family 1 model 2", 256, 2, "25.0.3+9");

  @TempDir private Path folder;

  private Path write() {
    final Path file = Baseline.file(folder, MACHINE, 1);
    new Baseline(
            MACHINE.cpuClass(),
            MACHINE.jdkFeature(),
            1,
            Map.of("relu", new Estimate(1.25, 1, 1.5, 6)))
        .write(file);
    return file;
  }

  @Test
  void shouldReadWhatItWrote() {
    final Path file = write();
    assertEquals("a-cpu-family-1-model-2-256-bit-1.json", file.getFileName().toString());
    assertEquals(
        Map.of("relu", new Estimate(1.25, 1, 1.5, 6)), Baseline.read(file, MACHINE, 1).ratios());
  }

  @Test
  void shouldRefuseAnothersBaseline() {
    final Path file = write();
    assertRefused(file, new Machine("B CPU", 256, 2, "25.0.3+9"), 1, "expected=b-cpu-256-bit");
    assertRefused(file, new Machine(MACHINE.cpu(), 256, 2, "26"), 1, "expected=26, actual=25");
    assertRefused(file, MACHINE, 2, "expected=2, actual=1");
  }

  private static void assertRefused(
      final Path file, final Machine machine, final int threads, final String text) {
    final GradusException thrown =
        assertThrows(GradusException.class, () -> Baseline.read(file, machine, threads));
    assertTrue(thrown.getMessage().contains(text), thrown.getMessage());
  }

  @Test
  void shouldSayWhatIsNoBaseline() throws IOException {
    final Path none = folder.resolve("none.json");
    assertRefused(none, MACHINE, 1, "cannot read baseline " + none);
    final Path broken = Files.writeString(folder.resolve("broken.json"), "{");
    assertRefused(broken, MACHINE, 1, "cannot read baseline " + broken);
    final Path other = Files.writeString(folder.resolve("other.json"), "{}");
    assertRefused(other, MACHINE, 1, "actual=none");
  }
}
