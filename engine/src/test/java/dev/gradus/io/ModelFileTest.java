package dev.gradus.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFileTest {
  private static final Network NETWORK = Network.mlp(Activations.TANH, 3, 2);
  private static final String GOOD_TENSORS =
      "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]},"
          + "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}";

  @TempDir private Path folder;
  private final Engine engine = Engine.open();

  @AfterEach
  void close() {
    assertEquals(0, engine.account().openBytes(), "off-heap bytes left open");
    engine.close();
  }

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private void write(final Network network, final long seed, final Map<String, String> metadata)
      throws IOException {
    try (Parameters parameters = Parameters.initialise(engine, network, seed)) {
      ModelFile.write(file(), network, parameters, metadata);
    }
  }

  private void requireAlone(final Path file) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList(), "what is half-written must not stay");
    }
  }

  @Test
  void shouldReadTheBitsItWrote() throws IOException {
    final Network network = Network.parse("input(13) dense(7,relu) dense(5,tanh) softmax()");
    try (Parameters parameters = Parameters.initialise(engine, network, 3)) {
      parameters.tensor("0.bias").set(0, Float.NaN);
      parameters.tensor("0.bias").set(1, -0f);
      parameters.tensor("0.bias").set(2, Float.MIN_VALUE);
      parameters.tensor("0.bias").set(3, Float.NEGATIVE_INFINITY);
      ModelFile.write(file(), network, parameters, Map.of());
      try (ModelFile model = ModelFile.read(engine, file())) {
        assertEquals(network, model.network());
        assertEquals(parameters.sha256(), model.parameters().sha256());
        assertEquals(Map.of(), model.metadata());
      }
    }
    requireAlone(file());
  }

  @Test
  void shouldKeepMetadataOfAnyText() throws IOException {
    final Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("quotes \"and\" \\ backslashes /", "{\"a\":[1,2]}");
    metadata.put("control\u0000\u0001\b\t\n\f\r\u001f\u007f", "\u0080\u009f\u2028\u2029");
    metadata.put("ünïcödé 数字", "emoji \uD83D\uDE00, flag \uD83C\uDDEB\uD83C\uDDEE");
    metadata.put("", "");
    metadata.put("__metadata__", "0.weight");
    metadata.put("0.weight", "__metadata__");
    write(NETWORK, 1, metadata);
    try (ModelFile model = ModelFile.read(engine, file())) {
      assertEquals(metadata, model.metadata());
      assertEquals(NETWORK, model.network());
    }
  }

  @Test
  void shouldRefuseMetadataThatPassesForTheNetwork() {
    final Map<String, String> metadata = Map.of(ModelFile.NETWORK_KEY, "input(1) dense(1)");
    assertEquals(
        "metadata mismatch: expected=keys other than gradus.network, actual=[gradus.network]",
        assertThrows(GradusException.class, () -> write(NETWORK, 1, metadata)).getMessage());
    assertFalse(Files.exists(file()));
  }

  @Test
  void shouldRefuseParametersOfAnotherNetwork() {
    final Network other = Network.mlp(Activations.TANH, 3, 4);
    try (Parameters parameters = Parameters.zeros(engine, other)) {
      assertEquals(
          "tensors mismatch: expected={0.weight=f32[3,2], 0.bias=f32[2]},"
              + " actual={0.weight=f32[3,4], 0.bias=f32[4]}",
          assertThrows(
                  GradusException.class,
                  () -> ModelFile.write(file(), NETWORK, parameters, Map.of()))
              .getMessage());
    }
    assertFalse(Files.exists(file()));
  }

  @Test
  void shouldLayTheFileOutAsSafetensors() throws IOException {
    write(NETWORK, 1, Map.of("k", "v"));
    final ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
    final int headerBytes = (int) bytes.getLong();
    assertEquals(0, (8 + headerBytes) % 64, "data begin at whole cache lines");
    assertEquals(8 + headerBytes + 24 + 8, bytes.limit());
    final byte[] header = new byte[headerBytes];
    bytes.get(header);
    assertEquals(
        "{\"__metadata__\":{\"gradus.network\":\"input(3) dense(2)\",\"k\":\"v\"},"
            + GOOD_TENSORS
            + "}",
        new String(header, StandardCharsets.UTF_8).stripTrailing());
    try (ModelFile model = ModelFile.read(engine, file())) {
      assertEquals(
          model.parameters().tensor("0.weight").get(5), bytes.getFloat(8 + headerBytes + 20));
    }
  }

  @Test
  void shouldReplaceAnOlderFile() throws IOException {
    write(NETWORK, 1, Map.of());
    final byte[] old = Files.readAllBytes(file());
    write(NETWORK, 2, Map.of());
    assertFalse(Arrays.equals(old, Files.readAllBytes(file())));
    requireAlone(file());
  }

  @Test
  void shouldBeReadableByWhomeverNewFilesAreReadableBy() throws IOException {
    final Path plain = Files.createFile(folder.resolve("plain"));
    write(NETWORK, 1, Map.of());
    assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(file()));
  }

  @Test
  void shouldLeaveNothingWhereItCannotWrite() throws IOException {
    final Path missing = folder.resolve("missing").resolve("model.safetensors");
    final Path below = Files.createFile(folder.resolve("file")).resolve("model.safetensors");
    try (Parameters parameters = Parameters.zeros(engine, NETWORK)) {
      assertThrows(
          NoSuchFileException.class, () -> ModelFile.write(missing, NETWORK, parameters, Map.of()));
      assertThrows(IOException.class, () -> ModelFile.write(below, NETWORK, parameters, Map.of()));
      assertThrows(
          IOException.class,
          () -> ModelFile.write(folder.getRoot(), NETWORK, parameters, Map.of()));
    }
    requireAlone(folder.resolve("file"));
  }

  @Test
  void shouldLeaveWhatWasThereWhereItCannotReplaceIt() throws IOException {
    final Path occupied = Files.createDirectory(file());
    Files.createFile(occupied.resolve("kept"));
    assertThrows(IOException.class, () -> write(NETWORK, 1, Map.of()));
    requireAlone(file());
    assertTrue(Files.exists(occupied.resolve("kept")));
  }

  @Test
  void shouldKeepTheOldFileWhereWritingFails() throws IOException {
    write(NETWORK, 1, Map.of());
    final byte[] old = Files.readAllBytes(file());
    final Parameters closed = Parameters.zeros(engine, NETWORK);
    closed.close();
    assertEquals(
        "parameters is closed: expected=open, actual=closed",
        assertThrows(
                GradusException.class, () -> ModelFile.write(file(), NETWORK, closed, Map.of()))
            .getMessage());
    assertArrayEquals(old, Files.readAllBytes(file()));
    requireAlone(file());
  }

  @Test
  void shouldReportAMissingFileAsSuch() {
    assertThrows(NoSuchFileException.class, () -> ModelFile.read(engine, file()));
    assertThrows(IOException.class, () -> ModelFile.read(engine, folder));
  }

  /** At every length short of the whole. */
  @Test
  void shouldRefuseTruncatedFiles() throws IOException {
    write(NETWORK, 1, Map.of());
    final byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      final String message = assertRefused();
      assertTrue(message.contains("expected="), message);
    }
    assertEquals(128, engine.account().peakBytes(), "that of the parameters written");
  }

  @Test
  void shouldRefuseFilesThatGoOn() throws IOException {
    write(NETWORK, 1, Map.of());
    final byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
    assertEquals(
        "file size mismatch: expected=" + whole.length + " bytes, actual=" + (whole.length + 1),
        assertRefused());
  }

  /** One bit at a time, in length and header; either it is refused or it is another good file. */
  @Test
  void shouldRefuseOrReadFilesWithAFlippedBit() throws IOException {
    write(NETWORK, 1, Map.of());
    final byte[] whole = Files.readAllBytes(file());
    final int headerEnd = whole.length - 32;
    int refused = 0;
    for (int bit = 0; bit < headerEnd * 8; bit++) {
      final byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), damaged);
      try (ModelFile model = ModelFile.read(engine, file())) {
        assertEquals(model.network().parameterCount(), model.parameters().count());
      } catch (final GradusException e) {
        refused++;
        assertTrue(e.getMessage().contains("expected="), e.getMessage());
      }
      assertEquals(0, engine.account().openBytes(), "bit " + bit);
    }
    assertTrue(refused > headerEnd * 4, refused + " of " + headerEnd * 8);
  }

  private String assertRefused() {
    final GradusException thrown =
        assertThrows(GradusException.class, () -> ModelFile.read(engine, file()));
    assertEquals(0, engine.account().openBytes());
    final String prefix = file() + " is not a model file: ";
    assertTrue(thrown.getMessage().startsWith(prefix), thrown.getMessage());
    return thrown.getMessage().substring(prefix.length());
  }
}
