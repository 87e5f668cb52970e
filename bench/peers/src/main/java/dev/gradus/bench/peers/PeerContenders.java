package dev.gradus.bench.peers;

import dev.gradus.bench.run.Contender;
import dev.gradus.bench.run.Peers;
import dev.gradus.bench.run.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The contenders of this module, for reports of the command line, Gradus first: in products its
 * Java backend, in steps and predictions the one it takes of itself.
 */
public final class PeerContenders implements Peers {
  private static final String PACKAGE = "dev.gradus.bench.peers.";

  /** Found by {@code ServiceLoader}. */
  public PeerContenders() {}

  @Override
  public List<Contender> contenders(final Row row) {
    if (row.isOursAlone()) {
      return List.of();
    }
    final Map<String, String> parameters = row.contender().parameters();
    return switch (row.suite()) {
      case "gemm" ->
          contenders(
              "GemmBench.multiply",
              Map.of("shape", shape(parameters.get("shape"))),
              row.threads(),
              inReports(GemmContender.values(), GemmContender.GRADUS_JAVA, contender -> true));
      case "step" -> known(parameters) ? steps(row) : List.of();
      case "predict" ->
          ModelTask.MLP.equals(parameters.get("model")) ? predictions(row) : List.of();
      case "kernel" ->
          TorchKernel.names().contains(parameters.get("kernel")) ? kernels(row) : List.of();
      default -> List.of();
    };
  }

  /** Whether it is a model that peers train. */
  private static boolean known(final Map<String, String> parameters) {
    return ModelTask.NAMES.contains(parameters.get("model"));
  }

  private static List<Contender> steps(final Row row) {
    final Map<String, String> parameters = row.contender().parameters();
    final String model = parameters.get("model");
    return contenders(
        "TrainingStepBench.step",
        Map.of(
            "model",
            model,
            "optimizer",
            parameters.get("optimizer"),
            "batch",
            parameters.get("batch")),
        row.threads(),
        inReports(
            ModelContender.values(),
            ModelContender.GRADUS_AUTO,
            contender -> contender.trains(model)));
  }

  /** Here Gradus' own benchmark has the checks, libtorch's those against Gradus. */
  private static List<Contender> kernels(final Row row) {
    final Contender torch =
        new Contender(
            "torch",
            false,
            PACKAGE + "TorchKernelBench.run",
            row.contender().parameters(),
            ModelContender.TORCH_OPENBLAS.environment(row.threads()));
    return List.of(row.contender(), torch);
  }

  private static List<Contender> predictions(final Row row) {
    return contenders(
        "PredictionBench.predict",
        Map.of("batch", row.contender().parameters().get("batch")),
        row.threads(),
        inReports(ModelContender.values(), ModelContender.GRADUS_AUTO, ModelContender::predicts));
  }

  /** Gradus in one set-up, and peers. */
  private static <C extends dev.gradus.bench.peers.Contender> List<C> inReports(
      final C[] all, final C gradus, final Predicate<C> which) {
    final List<C> chosen = new ArrayList<>();
    for (final C contender : all) {
      if (which.test(contender) && (contender.equals(gradus) || !contender.ours())) {
        chosen.add(contender);
      }
    }
    return chosen;
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
