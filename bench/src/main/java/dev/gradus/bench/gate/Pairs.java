package dev.gradus.bench.gate;

import dev.gradus.bench.run.Contender;
import dev.gradus.bench.run.Row;
import dev.gradus.bench.run.Suites;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the gate watches: each of ours beside something that no change of Gradus makes slower. */
public final class Pairs {
  private static final String COPY = "limits.BandwidthBench.copy";

  private static final String SUITES = "gemm, step, predict, kernel or all";

  private Pairs() {}

  /**
   * Products over OpenBLAS; steps and predictions over it, too; kernels over copying.
   *
   * @param suite that they belong to, by the first word of their names, or {@link Suites#ALL}.
   * @throws dev.gradus.memory.GradusException where it has none.
   */
  public static List<Pair> all(final String suite, final int threads) {
    if (!Suites.names().contains(suite)) {
      throw Names.unknown("suite", suite, Suites.names());
    }
    final List<Pair> pairs =
        all(threads).stream()
            .filter(pair -> suite.equals(Suites.ALL) || pair.name().startsWith(suite + " "))
            .toList();
    if (pairs.isEmpty()) {
      throw GradusException.mismatch("suite of the gate", SUITES, suite);
    }
    return pairs;
  }

  private static List<Pair> all(final int threads) {
    final String t = Integer.toString(threads);
    final Contender openblas = gemm("openblas", "64x256x784", t);
    final Contender inCache = Contender.gradus("copy", COPY, "footprint", "524288");
    final Contender inMemory = Contender.gradus("copy", COPY, "footprint", "268435456");
    final List<Pair> pairs = new ArrayList<>();
    for (final String shape : List.of("64x256x784", "256x256x256")) {
      pairs.add(
          new Pair(
              "gemm " + shape + " over openblas",
              gemm("java", shape, t),
              gemm("openblas", shape, t)));
    }
    pairs.add(new Pair("step mlp sgd 64 over openblas", step("sgd", "64", t), openblas));
    pairs.add(new Pair("step mlp adam 1 over copy", step("adam", "1", t), inCache));
    pairs.add(
        new Pair(
            "predict mlp 64 over openblas",
            Contender.gradus(
                "gradus",
                "predict.PredictBench.predict",
                "model",
                "mlp",
                "batch",
                "64",
                "backend",
                "java",
                "threads",
                t),
            openblas));
    for (final String kernel : List.of("tanh", "softmax", "adam")) {
      pairs.add(
          new Pair("kernel " + kernel + " 64 Ki over copy", kernel(kernel, "65536", t), inCache));
    }
    pairs.add(new Pair("kernel relu 16 Mi over copy", kernel("relu", "16777216", t), inMemory));
    return List.copyOf(pairs);
  }

  /** Rows of a user's own model over copying in the second-level cache. */
  public static List<Pair> model(final List<Row> rows, final String name) {
    final Contender copy = Contender.gradus("copy", COPY, "footprint", "524288");
    final List<Pair> pairs = new ArrayList<>();
    for (final Row row : rows) {
      // By the file's name, so that a baseline serves wherever the file lies.
      final String work =
          row.name().replaceAll("\\S*" + Pattern.quote(name), Matcher.quoteReplacement(name));
      pairs.add(new Pair(work + " over copy", row.contender(), copy));
    }
    return pairs;
  }

  /** Rows beside themselves: for comparing two versions. */
  public static List<Pair> beside(final List<Row> rows, final String version) {
    final List<Pair> pairs = new ArrayList<>();
    for (final Row row : rows) {
      pairs.add(new Pair(row.name() + " over " + version, row.contender(), row.contender()));
    }
    return pairs;
  }

  private static Contender gemm(final String backend, final String shape, final String threads) {
    return Contender.gradus(
        backend, "gemm.GemmBench.product", "shape", shape, "backend", backend, "threads", threads);
  }

  private static Contender step(final String optimizer, final String batch, final String threads) {
    return Contender.gradus(
        "gradus",
        "step.StepBench.step",
        "model",
        "mlp",
        "optimizer",
        optimizer,
        "batch",
        batch,
        "backend",
        "java",
        "threads",
        threads);
  }

  private static Contender kernel(final String name, final String elements, final String threads) {
    return Contender.gradus(
        "gradus",
        "kernel.KernelBench.run",
        "kernel",
        name,
        "elements",
        elements,
        "threads",
        threads);
  }
}
