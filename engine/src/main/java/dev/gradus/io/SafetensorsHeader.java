package dev.gradus.io;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON header of a safetensors file: a map of strings, and for each tensor its type and the
 * range of its bytes. Only what Gradus writes is accepted: float32 tensors that lie one behind the
 * other without gaps.
 *
 * <p>Source: the safetensors format, github.com/huggingface/safetensors.
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
  private static final String METADATA = "__metadata__";

  /** A tensor's type and the range of its bytes behind the header, end exclusive. */
  record Entry(TensorType type, long begin, long end) {}

  SafetensorsHeader {
    metadata = new LinkedHashMap<>(metadata);
    entries = new LinkedHashMap<>(entries);
  }

  /** Bytes behind the header. */
  long dataBytes() {
    long bytes = 0;
    for (final Entry entry : entries.values()) {
      bytes = Math.max(bytes, entry.end);
    }
    return bytes;
  }

  String toJson() {
    final StringBuilder json = new StringBuilder("{");
    quote(json, METADATA).append(":{");
    String separator = "";
    for (final Map.Entry<String, String> pair : metadata.entrySet()) {
      quote(json.append(separator), pair.getKey());
      quote(json.append(':'), pair.getValue());
      separator = ",";
    }
    json.append('}');
    for (final Map.Entry<String, Entry> pair : entries.entrySet()) {
      final Shape shape = pair.getValue().type.shape();
      quote(json.append(','), pair.getKey()).append(":{\"dtype\":\"F32\",\"shape\":").append(shape);
      json.append(",\"data_offsets\":[").append(pair.getValue().begin);
      json.append(',').append(pair.getValue().end).append("]}");
    }
    return json.append('}').toString();
  }

  private static StringBuilder quote(final StringBuilder json, final String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }

  /**
   * Reads a header.
   *
   * @throws GradusException where it is not one.
   */
  static SafetensorsHeader parse(final String json) {
    final Map<String, String> metadata = new LinkedHashMap<>();
    final Map<String, Entry> entries = new LinkedHashMap<>();
    final JsonCursor cursor = new JsonCursor(json);
    final Set<String> keys = new HashSet<>();
    for (String key = cursor.firstKey(); key != null; key = cursor.nextKey()) {
      requireNew(keys, key);
      if (key.equals(METADATA)) {
        final Set<String> names = new HashSet<>();
        for (String name = cursor.firstKey(); name != null; name = cursor.nextKey()) {
          requireNew(names, name);
          metadata.put(name, cursor.string());
        }
      } else {
        entries.put(key, entry(cursor, key));
      }
    }
    cursor.requireEnd();
    requireContiguous(entries);
    return new SafetensorsHeader(metadata, entries);
  }

  private static void requireNew(final Set<String> keys, final String key) {
    if (!keys.add(key)) {
      throw GradusException.mismatch("keys of the safetensors header", "each once", key + " twice");
    }
  }

  private static Entry entry(final JsonCursor cursor, final String name) {
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    final Set<String> keys = new HashSet<>();
    for (String key = cursor.firstKey(); key != null; key = cursor.nextKey()) {
      requireNew(keys, key);
      switch (key) {
        case "dtype" -> dtype = cursor.string();
        case "shape" -> shape = cursor.numbers();
        case "data_offsets" -> offsets = cursor.numbers();
        default ->
            throw GradusException.mismatch(
                "key of tensor " + name, "dtype, shape or data_offsets", key);
      }
    }
    if (!"F32".equals(dtype) || shape == null || offsets == null || offsets.size() != 2) {
      throw GradusException.mismatch(
          "tensor " + name,
          "dtype F32, a shape and two data_offsets",
          "dtype " + dtype + ", shape " + shape + ", data_offsets " + offsets);
    }
    final int[] dims = new int[shape.size()];
    for (int axis = 0; axis < dims.length; axis++) {
      if (shape.get(axis) > Integer.MAX_VALUE) {
        throw GradusException.outOfRange("shape of tensor " + name, "below 2^31", shape);
      }
      dims[axis] = shape.get(axis).intValue();
    }
    final TensorType type = TensorType.float32(Shape.of(dims));
    final Entry entry = new Entry(type, offsets.get(0), offsets.get(1));
    if (entry.end - entry.begin != type.bytes(1)) {
      throw GradusException.mismatch(
          "bytes of tensor " + name, type.bytes(1), entry.end - entry.begin);
    }
    return entry;
  }

  private static void requireContiguous(final Map<String, Entry> entries) {
    final List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort((a, b) -> Long.compare(a.begin, b.begin));
    long expected = 0;
    for (final Entry entry : sorted) {
      if (entry.begin != expected) {
        throw GradusException.mismatch("begin of a tensor's bytes", expected, entry.begin);
      }
      expected = entry.end;
    }
  }
}
