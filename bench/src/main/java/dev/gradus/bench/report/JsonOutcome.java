package dev.gradus.bench.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gradus.bench.run.Figures;
import dev.gradus.bench.run.Limits;
import dev.gradus.bench.run.Machine;
import dev.gradus.bench.run.Measurement;
import dev.gradus.bench.run.Result;
import dev.gradus.bench.run.Target;
import dev.gradus.bench.work.WorkProfiler;
import dev.gradus.tools.report.AtomicFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A report as JSON: {@code machine}, {@code jdk}, {@code flags}, {@code limits} and {@code rows}.
 *
 * <p>A row's {@code ours} and {@code limit} are times in its {@code unit}, {@code peers} the same
 * by title or why there is none; {@code quiet} is the time of operations that nothing disturbed;
 * {@code ratio} is the fastest peer's time over ours, {@code quietRatio} that of undisturbed ones,
 * {@code share} the limit's over {@code quiet}; {@code spread} lies between the least and greatest
 * fork, as a part of {@code ours}; {@code tail} is the 99th percentile over the median; {@code
 * target} says what the figure that {@code targetOf} names is to reach: {@code peer} the ratio,
 * {@code djl} that to DJL, {@code limit} the share, at most the {@code tail}, at most the {@code
 * time}. Of two targets it is the one that decides the verdict, {@code targets} has both. What is
 * not known is null.
 */
public final class JsonOutcome {
  private static final JsonMapper MAPPER = new JsonMapper();

  private JsonOutcome() {}

  /**
   * Writes a report, whole or not at all.
   *
   * @throws dev.gradus.memory.GradusException where the file can't be written.
   */
  public static void write(final Path file, final Measurement.Outcome outcome) {
    final byte[] text = (of(outcome).toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(text));
  }

  static ObjectNode of(final Measurement.Outcome outcome) {
    final ObjectNode root = MAPPER.createObjectNode();
    final Machine machine = outcome.machine();
    root.put("machine", machine.cpu() + ", " + machine.processors() + " processors");
    root.put("cpuClass", machine.cpuClass());
    root.put("vectorBits", machine.simd());
    root.put("jdk", machine.jdk());
    root.put("flags", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    final ArrayNode limits = root.putArray("limits");
    outcome.limits().forEach((threads, of) -> limits(limits.addObject(), threads, of));
    final ArrayNode rows = root.putArray("rows");
    for (final Result result : outcome.results()) {
      row(rows.addObject(), result);
    }
    return root;
  }

  private static void limits(final ObjectNode node, final int threads, final Limits limits) {
    node.put("threads", threads);
    node.put("gflops", limits.gflops());
    limits.bandwidth().forEach((access, rates) -> bandwidth(node.putArray(access), rates));
  }

  private static void bandwidth(final ArrayNode array, final Map<Double, Double> bandwidth) {
    bandwidth.forEach(
        (footprint, rate) ->
            array.addObject().put("bytes", footprint.longValue()).put("gbPerSecond", rate));
  }

  private static void row(final ObjectNode node, final Result result) {
    final Figures ours = result.ours();
    node.put("name", result.row().name());
    node.put("suite", result.row().suite());
    node.put("threads", result.row().threads());
    node.put("unit", "us");
    number(node, "ours", ours.micros());
    number(node, "quiet", ours.quiet());
    if (ours.failure() != null) {
      node.put("failure", ours.failure());
    }
    final ObjectNode peers = node.putObject("peers");
    result.peers().forEach((title, figures) -> peer(peers, title, figures));
    number(node, "limit", result.limit());
    number(node, "spread", result.spread());
    number(node, "ratio", result.ratio());
    number(node, "quietRatio", result.quietRatio());
    number(node, "share", result.share());
    number(node, "tail", result.tail());
    targets(node, result);
    number(node, "low", ours.low());
    number(node, "high", ours.high());
    number(node, "flops", ours.work(WorkProfiler.FLOPS));
    number(node, "bytes", ours.work(WorkProfiler.BYTES));
    number(node, "samples", ours.work(WorkProfiler.SAMPLES));
    number(node, "footprint", ours.work(WorkProfiler.FOOTPRINT));
    final ObjectNode percentiles = node.putObject("percentiles");
    ours.percentiles().forEach((percent, micros) -> number(percentiles, "" + percent, micros));
  }

  private static void targets(final ObjectNode node, final Result result) {
    final String verdict = result.verdict();
    node.putNull("target").put("targetOf", "none").put("verdict", verdict);
    final ArrayNode all = node.putArray("targets");
    for (final Target target : result.row().targets()) {
      final String kind = target.kind().name().toLowerCase(Locale.ROOT);
      final String own = target.verdict(result.reached(target));
      all.addObject().put("of", kind).put("value", target.value()).put("verdict", own);
      if (node.path("target").isNull() && own.equals(verdict)) {
        node.put("target", target.value()).put("targetOf", kind);
      }
    }
  }

  private static void peer(final ObjectNode peers, final String title, final Figures figures) {
    final ObjectNode node = peers.putObject(title);
    number(node, "time", figures.micros());
    number(node, "low", figures.low());
    number(node, "high", figures.high());
    number(node, "quiet", figures.quiet());
    if (figures.failure() != null) {
      node.put("failure", figures.failure());
    }
  }

  private static void number(final ObjectNode node, final String name, final double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
