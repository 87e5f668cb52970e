package dev.gradus.io;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network and its weights in one safetensors file; any reader of safetensors gets at the weights,
 * Gradus reads back the network too.
 *
 * @param metadata what the writer added, without the network.
 */
public record ModelFile(Network network, Parameters parameters, Map<String, String> metadata)
    implements AutoCloseable {
  /** The metadata's key of the network's description, see {@link Network#describe()}. */
  public static final String NETWORK_KEY = "gradus.network";

  /** The safetensors project's own limit. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  /** Header and data begin at multiples of this, so that mapped tensors are aligned. */
  private static final int HEADER_ALIGNMENT = 64;

  public ModelFile {
    metadata = Map.copyOf(metadata);
  }

  /**
   * Writes a model: whole or not at all. What was in the file before stays until the new content is
   * complete and on disk.
   *
   * @param metadata more pairs of strings to keep with it.
   * @throws IOException where the file can't be written.
   * @throws GradusException where the parameters are not those of the network, or the metadata have
   *     the key {@value #NETWORK_KEY}.
   */
  public static void write(
      final Path file,
      final Network network,
      final Parameters parameters,
      final Map<String, String> metadata)
      throws IOException {
    if (metadata.containsKey(NETWORK_KEY)) {
      throw GradusException.mismatch(
          "metadata", "keys other than " + NETWORK_KEY, metadata.keySet());
    }
    final Map<String, String> all = new LinkedHashMap<>();
    all.put(NETWORK_KEY, network.describe());
    all.putAll(metadata);
    final Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
    long offset = 0;
    for (final String name : parameters.names()) {
      final Tensor tensor = parameters.tensor(name);
      final long end = offset + tensor.elements() * DType.BYTES;
      entries.put(name, new SafetensorsHeader.Entry(tensor.type(), offset, end));
      offset = end;
    }
    requireTensors(network, entries);
    final Path temporary = temporary(file);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        writeFully(channel, header(new SafetensorsHeader(all, entries)));
        for (final String name : parameters.names()) {
          writeFully(channel, parameters.tensor(name).segment().asByteBuffer());
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** A new file beside the other, with the permissions that new files have. */
  private static Path temporary(final Path file) throws IOException {
    if (file.getFileName() == null) {
      throw new FileSystemException(file.toString(), null, "expected a file, not a root");
    }
    final String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return Files.createFile(file.resolveSibling("." + file.getFileName() + "." + unique + ".tmp"));
  }

  private static ByteBuffer header(final SafetensorsHeader header) {
    final byte[] json = header.toJson().getBytes(StandardCharsets.UTF_8);
    final int padded =
        (Long.BYTES + json.length + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
    final ByteBuffer bytes = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded - Long.BYTES).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeFully(final FileChannel channel, final ByteBuffer bytes)
      throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Reads a model.
   *
   * @throws IOException where the file can't be read.
   * @throws GradusException where it is no model of Gradus, or is damaged; no memory is kept then.
   */
  public static ModelFile read(final Engine engine, final Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(engine, channel);
    } catch (final GradusException e) {
      throw new GradusException(file + " is not a model file: " + e.getMessage(), e);
    }
  }

  private static ModelFile read(final Engine engine, final FileChannel channel) throws IOException {
    final long headerBytes = headerBytes(channel);
    final SafetensorsHeader header =
        SafetensorsHeader.parse(decode(readFully(channel, Long.BYTES, (int) headerBytes)));
    final long expected = Long.BYTES + headerBytes + header.dataBytes();
    if (channel.size() != expected) {
      throw GradusException.mismatch("file size", expected + " bytes", channel.size());
    }
    final Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
    final String description = metadata.remove(NETWORK_KEY);
    if (description == null) {
      throw GradusException.mismatch(
          "metadata", "a network under " + NETWORK_KEY, metadata.keySet());
    }
    final Network network = Network.parse(description);
    requireTensors(network, header.entries()); // before memory is allocated
    final Parameters parameters = Parameters.zeros(engine, network);
    try {
      load(channel, Long.BYTES + headerBytes, header, parameters);
    } catch (final IOException | RuntimeException e) {
      parameters.close();
      throw e;
    }
    return new ModelFile(network, parameters, metadata);
  }

  private static long headerBytes(final FileChannel channel) throws IOException {
    if (channel.size() < Long.BYTES) {
      throw GradusException.mismatch("file size", Long.BYTES + " bytes or more", channel.size());
    }
    final long headerBytes =
        readFully(channel, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    final long most = Math.min(MAX_HEADER_BYTES, channel.size() - Long.BYTES);
    if (headerBytes < 2 || headerBytes > most) {
      throw GradusException.outOfRange(
          "bytes of the safetensors header", "2 to " + most, headerBytes);
    }
    return headerBytes;
  }

  private static String decode(final ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (final CharacterCodingException e) {
      throw new GradusException(
          "safetensors header mismatch: expected=UTF-8, actual=other bytes", e);
    }
  }

  private static void load(
      final FileChannel channel,
      final long dataStart,
      final SafetensorsHeader header,
      final Parameters parameters)
      throws IOException {
    for (final Map.Entry<String, SafetensorsHeader.Entry> pair : header.entries().entrySet()) {
      final Tensor tensor = parameters.tensor(pair.getKey());
      fill(channel, dataStart + pair.getValue().begin(), tensor.segment().asByteBuffer());
    }
  }

  private static void requireTensors(
      final Network network, final Map<String, SafetensorsHeader.Entry> entries) {
    final Map<String, TensorType> expected = new LinkedHashMap<>();
    for (final Parameter parameter : network.define().parameters()) {
      expected.put(parameter.name(), parameter.value().type());
    }
    final Map<String, TensorType> actual = new LinkedHashMap<>();
    entries.forEach((name, entry) -> actual.put(name, entry.type()));
    if (!expected.equals(actual)) {
      throw GradusException.mismatch("tensors", expected, actual);
    }
  }

  private static ByteBuffer readFully(final FileChannel channel, final long from, final int count)
      throws IOException {
    final ByteBuffer bytes = ByteBuffer.allocate(count);
    fill(channel, from, bytes);
    return bytes.flip();
  }

  private static void fill(final FileChannel channel, final long from, final ByteBuffer bytes)
      throws IOException {
    long position = from;
    while (bytes.hasRemaining()) {
      final int read = channel.read(bytes, position);
      if (read < 0) {
        throw new EOFException("file ends at byte " + position);
      }
      position += read;
    }
  }

  /** Frees the parameters. */
  @Override
  public void close() {
    parameters.close();
  }
}
