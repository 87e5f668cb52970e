package dev.gradus.tools.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.nio.file.Path;
import java.util.Map;

/** Writes one JSON object: a line for each value, numbers that are not finite as null. */
public final class JsonReport {
  private JsonReport() {}

  /**
   * Writes values in their order.
   *
   * @param values strings, whole numbers, doubles, booleans.
   * @throws dev.gradus.memory.GradusException where the file can't be written.
   */
  public static void write(final Path file, final Map<String, Object> values) {
    AtomicFile.write(
        file,
        out -> {
          try (JsonGenerator json =
              new JsonFactory()
                  .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                  .createGenerator(out)
                  .setPrettyPrinter(new DefaultPrettyPrinter())) {
            json.writeStartObject();
            for (final Map.Entry<String, Object> value : values.entrySet()) {
              json.writeFieldName(value.getKey());
              switch (value.getValue()) {
                case String text -> json.writeString(text);
                case Long number -> json.writeNumber(number);
                case Integer number -> json.writeNumber(number);
                case Boolean flag -> json.writeBoolean(flag);
                case Double number when Double.isFinite(number) -> writeDouble(json, number);
                case Double number -> json.writeNull();
                default -> throw new IllegalArgumentException(value.toString());
              }
            }
            json.writeEndObject();
            json.writeRaw('\n');
          }
        });
  }

  /** Whole ones without a fraction: {@code 0}, as readers of the report compare. */
  private static void writeDouble(final JsonGenerator json, final double number)
      throws java.io.IOException {
    if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      json.writeNumber((long) number);
    } else {
      json.writeNumber(number);
    }
  }
}
