package dev.gradus.tools.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Lists in the metadata of a model, as JSON. */
final class JsonLists {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonLists() {}

  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  private static String write(final Content content) {
    final StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      content.write(json);
      json.writeEndArray();
    } catch (final IOException e) {
      throw new UncheckedIOException("cannot write JSON to memory", e);
    }
    return text.toString();
  }

  static String ofTexts(final List<String> texts) {
    return write(
        json -> {
          for (final String text : texts) {
            json.writeString(text);
          }
        });
  }

  static String ofNumbers(final double[] numbers) {
    return write(
        json -> {
          for (final double number : numbers) {
            json.writeNumber(number);
          }
        });
  }

  /**
   * Reads a list of strings.
   *
   * @throws GradusException where the text is not one.
   */
  static List<String> texts(final String text) {
    return elements(text, false);
  }

  /**
   * Reads a list of numbers.
   *
   * @throws GradusException where the text is not one.
   */
  static double[] numbers(final String text) {
    return elements(text, true).stream().mapToDouble(Double::parseDouble).toArray();
  }

  private static List<String> elements(final String text, final boolean numbers) {
    final List<String> elements = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      JsonToken token = json.nextToken();
      boolean right = token == JsonToken.START_ARRAY;
      while (right && (token = json.nextToken()) != JsonToken.END_ARRAY) {
        right = token != null && (numbers ? token.isNumeric() : token == JsonToken.VALUE_STRING);
        elements.add(json.getText());
      }
      if (!right || json.nextToken() != null) {
        throw mismatch(text, numbers, null);
      }
    } catch (final IOException e) {
      throw mismatch(text, numbers, e);
    }
    return elements;
  }

  private static GradusException mismatch(
      final String text, final boolean numbers, final IOException cause) {
    final String shown = text.length() <= 40 ? text : text.substring(0, 40) + "...";
    return new GradusException(
        "metadata of the model mismatch: expected=a JSON list of "
            + (numbers ? "numbers" : "strings")
            + ", actual="
            + shown,
        cause);
  }
}
