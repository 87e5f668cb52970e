package dev.gradus.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonReportTest {
  @TempDir private Path folder;

  @Test
  void shouldWriteOneObject() throws IOException {
    final Map<String, Object> values = new LinkedHashMap<>();
    values.put("text", "a \"b\"\n");
    values.put("count", 3);
    values.put("bytes", 1L << 40);
    values.put("whole", 0.0);
    values.put("fraction", 0.25);
    values.put("unknown", Double.NaN);
    values.put("flag", true);
    final Path file = folder.resolve("report.json");
    JsonReport.write(file, values);
    assertEquals(
        """
        {
          "text" : "a \\"b\\"\\n",
          "count" : 3,
          "bytes" : 1099511627776,
          "whole" : 0,
          "fraction" : 0.25,
          "unknown" : null,
          "flag" : true
        }
        """,
        Files.readString(file));
  }
}
