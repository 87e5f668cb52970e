package dev.gradus.bench.peers;

import dev.gradus.bench.run.Contender;
import dev.gradus.bench.run.Peers;
import dev.gradus.bench.run.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contenders of this module, for reports of the command line: whose Java backend comes first.
 */
public final class PeerContenders implements Peers {
  private static final String PACKAGE = "dev.gradus.bench.peers.";

  /** Found by {@code ServiceLoader}. */
  public PeerContenders() {}

  @Override
  public List<Contender> contenders(final Row row) {
    final Map<String, String> parameters = row.contender().parameters();
    final boolean mlp = "mlp".equals(parameters.get("model"));
    return switch (row.suite()) {
      case "gemm" ->
          contenders(
              "GemmBench.multiply",
              Map.of("shape", shape(parameters.get("shape"))),
              row.threads(),
              List.of(GemmContender.values()));
      case "step" -> mlp ? steps(row) : List.of();
      case "predict" -> mlp ? predictions(row) : List.of();
      default -> List.of();
    };
  }

  private static List<Contender> steps(final Row row) {
    final Map<String, String> parameters = row.contender().parameters();
    return contenders(
        "TrainingStepBench.step",
        Map.of("optimizer", parameters.get("optimizer"), "batch", parameters.get("batch")),
        row.threads(),
        List.of(MlpContender.values()));
  }

  private static List<Contender> predictions(final Row row) {
    final int batch = Integer.parseInt(row.contender().parameters().get("batch"));
    final List<MlpContender> all = List.of(MlpContender.values());
    return contenders(
        "PredictionBench.predict",
        Map.of("batch", Integer.toString(batch)),
        row.threads(),
        all.stream().filter(MlpContender::predicts).toList());
  }

  private static List<Contender> contenders(
      final String benchmark,
      final Map<String, String> work,
      final int threads,
      final List<? extends dev.gradus.bench.peers.Contender> all) {
    final List<Contender> contenders = new ArrayList<>();
    for (final dev.gradus.bench.peers.Contender one : all) {
      final Map<String, String> parameters = new LinkedHashMap<>(work);
      parameters.put("contender", one.title());
      parameters.put("threads", Integer.toString(threads));
      contenders.add(
          new Contender(
              one.title(), one.ours(), PACKAGE + benchmark, parameters, one.environment(threads)));
    }
    return contenders;
  }

  /** Transposed factors behind a blank, as {@link GemmTask} reads them. */
  static String shape(final String text) {
    if (text.endsWith("A")) {
      return text.substring(0, text.length() - 1) + " TN";
    }
    return text.endsWith("B") ? text.substring(0, text.length() - 1) + " NT" : text;
  }
}
