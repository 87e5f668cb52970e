package dev.gradus.tools.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdxFileTest {
  private static final byte[] SIX = {1, 2, 3, 4, 5, (byte) 250};

  @TempDir private Path folder;

  private Path file(final byte[] content) throws IOException {
    return Files.write(folder.resolve("images-idx3-ubyte"), content);
  }

  private static void assertRefused(final Path file, final String... parts) {
    final GradusException e = assertThrows(GradusException.class, () -> IdxFile.read(file, 3, 3));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    for (final String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void shouldReadDimensionsAndValues() throws IOException {
    final IdxFile idx = IdxFile.read(file(IdxFixtures.idx(SIX, 2, 1, 3)), 3, 3);
    assertArrayEquals(new int[] {2, 1, 3}, idx.dims());
    assertArrayEquals(SIX, idx.values());
    assertEquals(2, idx.items());
    assertEquals(3, idx.values().length / idx.items());
  }

  @Test
  void shouldUnpackGzipWhateverTheName() throws IOException {
    final IdxFile idx = IdxFile.read(file(IdxFixtures.gzip(IdxFixtures.idx(SIX, 1, 2, 3))), 3, 3);
    assertArrayEquals(SIX, idx.values());
  }

  @Test
  void shouldRefuseLessThanTheHeaderClaims() throws IOException {
    assertRefused(
        file(IdxFixtures.idx(SIX, 3, 1, 3)),
        "expected=9 bytes as its header [3, 1, 3] says, actual=6");
    assertRefused(file(IdxFixtures.gzip(IdxFixtures.idx(SIX, 3, 1, 3))), "expected=9 bytes");
  }

  @Test
  void shouldRefuseAHugeClaimWithoutAllocatingForIt() throws IOException {
    final byte[] bomb = IdxFixtures.idx(SIX, 2_000_000_000, 28, 28);
    assertRefused(file(bomb), "expected=", "2000000000, 28, 28", "actual=6");
    assertRefused(file(IdxFixtures.idx(SIX, Integer.MAX_VALUE - 100, 1, 1)), "actual=6");
    assertRefused(file(IdxFixtures.idx(SIX, -1, 1, 1)), "actual=6");
  }

  @Test
  void shouldRefuseMoreThanTheHeaderClaims() throws IOException {
    assertRefused(file(IdxFixtures.idx(SIX, 1, 1, 3)), "expected=3 bytes", "actual=more");
  }

  @Test
  void shouldRefuseAnotherMagic() throws IOException {
    final byte[] floats = IdxFixtures.idx(SIX, 1, 2, 3);
    floats[2] = 0x0d;
    assertRefused(file(floats), "expected=00 00 08", "actual=00 00 0d 03");
    assertRefused(
        file("P5 2 3 255 ......".getBytes(StandardCharsets.US_ASCII)), "actual=50 35 20 32");
  }

  @Test
  void shouldRefuseOtherDimensions() throws IOException {
    assertRefused(file(IdxFixtures.idx(SIX, 6)), "dimensions", "expected=3, actual=1");
    assertRefused(file(IdxFixtures.idx(new byte[0], 0, 28, 28)), "each 1 or more", "[0, 28, 28]");
  }

  @Test
  void shouldRefuseAShortHeader() throws IOException {
    assertRefused(file(new byte[0]), "expected=4 more bytes, actual=0");
    assertRefused(
        file(Arrays.copyOf(IdxFixtures.idx(SIX, 1, 2, 3), 9)), "expected=12 more bytes, actual=5");
  }

  @Test
  void shouldRefuseADamagedGzipFile() throws IOException {
    final byte[] packed = IdxFixtures.gzip(IdxFixtures.idx(SIX, 1, 2, 3));
    assertRefused(file(Arrays.copyOf(packed, packed.length - 9)), "expected=a whole gzip file");
    packed[packed.length - 5] ^= 1; // its checksum
    assertRefused(file(packed), "expected=a whole gzip file");
  }

  @Test
  void shouldRefuseWhatIsNoFile() {
    final Path missing = folder.resolve("missing");
    assertRefused(missing, "actual=nothing of that name");
    assertRefused(folder, "expected=a file, actual=a folder");
  }
}
