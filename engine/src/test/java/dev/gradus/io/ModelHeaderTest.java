package dev.gradus.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading files whose headers were written by others, or lie. */
final class ModelHeaderTest {
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

  private String assertRefused() {
    final GradusException thrown =
        assertThrows(GradusException.class, () -> ModelFile.read(engine, file()));
    assertEquals(0, engine.account().openBytes());
    final String prefix = file() + " is not a model file: ";
    assertTrue(thrown.getMessage().startsWith(prefix), thrown.getMessage());
    return thrown.getMessage().substring(prefix.length());
  }

  private static byte[] bytes(final String header, final int dataBytes) {
    final byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static String header(final String tensors) {
    return "{\"__metadata__\":{\"gradus.network\":\"input(3) dense(2)\"}," + tensors + "}";
  }

  private static String tensor(final String name, final String shape, final String offsets) {
    return "\""
        + name
        + "\":{\"dtype\":\"F32\",\"shape\":["
        + shape
        + "],\"data_offsets\":["
        + offsets
        + "]}";
  }

  @Test
  void shouldReadWhatOthersWrite() throws IOException {
    final String spaced =
        " { \"0.bias\" : { \"shape\" : [ 2 ] , \"data_offsets\" : [ 0 , 8 ] , \"dtype\" : \"F32\" }"
            + " , \"0.weight\":{\"dtype\":\"F\\u0033\\u0032\",\"shape\":[3,2],"
            + "\"data_offsets\":[8,32]},\"__metadata__\":{\"gradus.network\":"
            + "\"input(3)\\tdense(2)\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\":\"\"} } \r\n\t";
    final byte[] file = bytes(spaced, 32);
    final ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 8; i++) {
      data.putFloat(file.length - 32 + 4 * i, i);
    }
    Files.write(file(), file);
    try (ModelFile model = ModelFile.read(engine, file())) {
      assertEquals(NETWORK, model.network());
      assertEquals(Map.of("\"\\/\b\f\n\r\tä", ""), model.metadata());
      assertArrayEquals(new float[] {0, 1}, model.parameters().tensor("0.bias").toFloatArray());
      assertArrayEquals(
          new float[] {2, 3, 4, 5, 6, 7}, model.parameters().tensor("0.weight").toFloatArray());
    }
  }

  static Stream<Arguments> lies() {
    final String bias = tensor("0.bias", "2", "24,32");
    final String weight = tensor("0.weight", "3,2", "0,24");
    final String text = "safetensors header at character ";
    return Stream.of(
        Arguments.of(
            "", "bytes of the safetensors header out of range: expected=2 to 32, actual=0"),
        Arguments.of("{}", "file size mismatch: expected=10 bytes, actual=42"),
        Arguments.of("[]", text + "0 mismatch: expected='{', actual=\"[]\""),
        Arguments.of("{} x", text + "3 mismatch: expected=the end, actual=\"x\""),
        Arguments.of("{\"a\":", text + "5 mismatch: expected='{', actual=its end"),
        Arguments.of("{\"a", text + "3 mismatch: expected=more text, actual=its end"),
        Arguments.of(
            "{\"\n\":{}}",
            text + "3 mismatch: expected=a string without control characters, actual=\"\":{}}\""),
        Arguments.of("{\"\\x\":{}}", text + "4 mismatch: expected=an escape, actual=\"\":{}}\""),
        Arguments.of(
            "{\"\\u12\uFF13\uFF14\":{}}",
            text + "7 mismatch: expected=four hexadecimal digits, actual=\"\uFF14\":{}}\""),
        Arguments.of(
            header(weight),
            "file size mismatch: expected="
                + (8 + header(weight).length() + 24)
                + " bytes, actual="
                + (8 + header(weight).length() + 32)),
        Arguments.of(
            header(weight + "," + bias + "," + tensor("0.extra", "1", "32,36")),
            "file size mismatch: expected="
                + (8
                    + header(weight + "," + bias + "," + tensor("0.extra", "1", "32,36")).length()
                    + 36)
                + " bytes, actual="
                + (8
                    + header(weight + "," + bias + "," + tensor("0.extra", "1", "32,36")).length()
                    + 32)),
        Arguments.of(
            header(tensor("0.weight", "3,2", "0,24") + "," + tensor("0.bais", "2", "24,32")),
            "tensors mismatch: expected={0.weight=f32[3,2], 0.bias=f32[2]},"
                + " actual={0.weight=f32[3,2], 0.bais=f32[2]}"),
        Arguments.of(
            header(tensor("0.weight", "2,3", "0,24") + "," + bias),
            "tensors mismatch: expected={0.weight=f32[3,2], 0.bias=f32[2]},"
                + " actual={0.weight=f32[2,3], 0.bias=f32[2]}"),
        Arguments.of(
            header(tensor("0.weight", "3,2", "0,24") + "," + tensor("0.bias", "2", "16,24")),
            "begin of a tensor's bytes mismatch: expected=24, actual=16"),
        Arguments.of(
            header(tensor("0.weight", "3,2", "0,24") + "," + tensor("0.bias", "2", "28,36")),
            "begin of a tensor's bytes mismatch: expected=24, actual=28"),
        Arguments.of(
            header(tensor("0.weight", "3,2", "8,32")),
            "begin of a tensor's bytes mismatch: expected=0, actual=8"),
        Arguments.of(
            header(tensor("0.weight", "3,2", "0,20") + "," + bias),
            "bytes of tensor 0.weight mismatch: expected=24, actual=20"),
        Arguments.of(
            header(tensor("0.weight", "3,2", "24,0") + "," + bias),
            "bytes of tensor 0.weight mismatch: expected=24, actual=-24"),
        Arguments.of(
            header(tensor("0.weight", "3,0", "0,0") + "," + bias),
            "dimension out of range: expected=1 or more, actual=[3, 0]"),
        Arguments.of(
            header(tensor("0.weight", "2147483647,2147483647,2147483647", "0,24") + "," + bias),
            "elements of [2147483647,2147483647,2147483647] out of range: expected=below 2^63,"
                + " actual=more"),
        Arguments.of(
            header(tensor("0.weight", "4294967299,2", "0,24") + "," + bias),
            "shape of tensor 0.weight out of range: expected=below 2^31, actual=[4294967299, 2]"),
        Arguments.of(
            header(tensor("0.weight", "3,2", "0,24,24") + "," + bias),
            "tensor 0.weight mismatch: expected=dtype F32, a shape and two data_offsets,"
                + " actual=dtype F32, shape [3, 2], data_offsets [0, 24, 24]"),
        Arguments.of(
            header("\"0.weight\":{\"dtype\":\"F32\"}"),
            "tensor 0.weight mismatch: expected=dtype F32, a shape and two data_offsets,"
                + " actual=dtype F32, shape null, data_offsets null"),
        Arguments.of(
            header(weight.replace("F32", "F16") + "," + bias),
            "tensor 0.weight mismatch: expected=dtype F32, a shape and two data_offsets,"
                + " actual=dtype F16, shape [3, 2], data_offsets [0, 24]"),
        Arguments.of(
            header(weight.replace("dtype", "type") + "," + bias),
            "key of tensor 0.weight mismatch: expected=dtype, shape or data_offsets, actual=type"),
        Arguments.of(
            header(weight + "," + bias + "," + weight),
            "keys of the safetensors header mismatch: expected=each once, actual=0.weight twice"),
        Arguments.of(
            header(weight.replace("{\"dtype\":\"F32\"", "{\"dtype\":\"F16\",\"dtype\":\"F32\"")),
            "keys of the safetensors header mismatch: expected=each once, actual=dtype twice"),
        Arguments.of(
            header(weight + "," + bias + ",\"__metadata__\":{}"),
            "keys of the safetensors header mismatch: expected=each once, actual=__metadata__"
                + " twice"),
        Arguments.of(
            "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}",
            "keys of the safetensors header mismatch: expected=each once, actual=a twice"),
        Arguments.of(
            "{" + weight + "," + bias + "}",
            "metadata mismatch: expected=a network under gradus.network, actual=[]"),
        Arguments.of(
            "{\"__metadata__\":{\"format\":\"pt\"}," + GOOD_TENSORS + "}",
            "metadata mismatch: expected=a network under gradus.network, actual=[format]"),
        Arguments.of(
            header(GOOD_TENSORS).replace("input(3) dense(2)", "a network"),
            "network text mismatch: expected=input(n) dense(units,activation) ...,"
                + " actual=\"a network\""),
        Arguments.of(
            header(GOOD_TENSORS).replace("dense(2)", "dense(2) dense(2)"),
            "tensors mismatch: expected={0.weight=f32[3,2], 0.bias=f32[2], 1.weight=f32[2,2],"
                + " 1.bias=f32[2]}, actual={0.weight=f32[3,2], 0.bias=f32[2]}"),
        Arguments.of(
            header(GOOD_TENSORS).replace("dense(2)", "relu()"),
            "tensors mismatch: expected={}, actual={0.weight=f32[3,2], 0.bias=f32[2]}"));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void shouldRefuseHeadersThatLie(final String header, final String message) throws IOException {
    Files.write(file(), bytes(header, 32));
    assertEquals(message, assertRefused());
    assertEquals(0, engine.account().peakBytes(), "refused before memory is allocated");
  }

  @Test
  void shouldNotAllocateWhatAHeaderPromises() throws IOException {
    final String huge =
        header(GOOD_TENSORS).replace("input(3) dense(2)", "input(1000000) dense(1000000)");
    Files.write(file(), bytes(huge, 32));
    assertEquals(
        "tensors mismatch: expected={0.weight=f32[1000000,1000000], 0.bias=f32[1000000]},"
            + " actual={0.weight=f32[3,2], 0.bias=f32[2]}",
        assertRefused());
    final int most = Integer.MAX_VALUE;
    final String beyond =
        header(GOOD_TENSORS)
            .replace("input(3) dense(2)", "input(" + most + ") dense(" + most + ")");
    Files.write(file(), bytes(beyond, 32));
    assertTrue(assertRefused().startsWith("tensors mismatch"));
    assertEquals(0, engine.account().peakBytes());
  }

  @Test
  void shouldRefuseHeadersLongerThanTheFileOrTheLimit() throws IOException {
    for (final long length : new long[] {-1, 0, 1, 41, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE}) {
      Files.write(
          file(), ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      assertEquals(
          "bytes of the safetensors header out of range: expected=2 to 40, actual=" + length,
          assertRefused());
    }
  }

  @Test
  void shouldRefuseGarbage() throws IOException {
    final byte[] garbage = new byte[1000];
    new Random(7).nextBytes(garbage);
    Files.write(file(), garbage);
    assertNotEquals("", assertRefused());
    final byte[] notText = bytes("{      }", 0);
    notText[10] = (byte) 0xff;
    Files.write(file(), notText);
    assertEquals(
        "safetensors header mismatch: expected=UTF-8, actual=other bytes", assertRefused());
  }
}
