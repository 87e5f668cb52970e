package dev.gradus.bench.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gradus.bench.run.Machine;
import dev.gradus.memory.GradusException;
import dev.gradus.tools.report.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ratios that a class of machines had, by name; a file for each class.
 *
 * @param cpuClass see {@link Machine#cpuClass}.
 * @param jdk the JDK's feature version.
 * @param threads of the benchmarks.
 */
public record Baseline(String cpuClass, String jdk, int threads, Map<String, Estimate> ratios) {
  private static final JsonMapper MAPPER = new JsonMapper();

  public Baseline {
    ratios = new TreeMap<>(ratios);
  }

  /** Where the baseline of a machine is, within the folder of baselines. */
  public static Path file(final Path folder, final Machine machine, final int threads) {
    return folder.resolve(machine.cpuClass() + "-" + threads + ".json");
  }

  /**
   * Reads one.
   *
   * @throws GradusException where there is none, it is malformed, or of another machine or JDK.
   */
  public static Baseline read(final Path file, final Machine machine, final int threads) {
    final JsonNode root;
    try {
      root = MAPPER.readTree(Files.readString(file));
    } catch (final IOException e) {
      throw new GradusException(
          "cannot read baseline " + file + ": expected=what --update-baselines wrote, actual=" + e,
          e);
    }
    require(file, "cpuClass", machine.cpuClass(), root.path("cpuClass").asText());
    require(file, "jdk", machine.jdkFeature(), root.path("jdk").asText());
    require(file, "threads", Integer.toString(threads), root.path("threads").asText());
    final Map<String, Estimate> ratios = new TreeMap<>();
    root.path("ratios")
        .forEachEntry(
            (name, node) ->
                ratios.put(
                    name,
                    new Estimate(
                        node.path("median").asDouble(),
                        node.path("low").asDouble(),
                        node.path("high").asDouble(),
                        node.path("forks").asInt())));
    return new Baseline(machine.cpuClass(), machine.jdkFeature(), threads, ratios);
  }

  private static void require(
      final Path file, final String what, final String expected, final String actual) {
    if (!expected.equals(actual)) {
      throw GradusException.mismatch(
          what + " of baseline " + file + " (--update-baselines writes a new one)",
          expected,
          actual.isEmpty() ? "none" : actual);
    }
  }

  /**
   * Writes it.
   *
   * @throws GradusException where the file can't be written.
   */
  public void write(final Path file) {
    final ObjectNode root = MAPPER.createObjectNode();
    root.put("cpuClass", cpuClass).put("jdk", jdk).put("threads", threads);
    final ObjectNode all = root.putObject("ratios");
    ratios.forEach(
        (name, estimate) ->
            all.putObject(name)
                .put("median", estimate.median())
                .put("low", estimate.low())
                .put("high", estimate.high())
                .put("forks", estimate.forks()));
    AtomicFile.makeFolderOf(file);
    final byte[] text = (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(text));
  }
}
