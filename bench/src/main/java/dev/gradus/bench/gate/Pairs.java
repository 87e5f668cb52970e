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
  /** Where caches hold all, multiply-adds: how fast copying is there, is a matter of addresses. */
  private static final Contender FMA = Contender.gradus("fma", "limits.FmaPeakBench.loop");

  private static final String SUITES = "gemm, step, predict, kernel or all";

  private Pairs() {}

  /**
   * Products over OpenBLAS, and fused over in passes; steps and predictions over OpenBLAS, too;
   * kernels over multiply-adds or copying.
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
            .filter(pair -> suite.equals(Suites.ALL) || pair.suite().equals(suite))
            .toList();
    if (pairs.isEmpty()) {
      throw GradusException.mismatch("suite of the gate", SUITES, suite);
    }
    return pairs;
  }

  private static List<Pair> all(final int threads) {
    final String t = Integer.toString(threads);
    final Contender openblas = gemm("openblas", "64x256x784", t);
    final List<Pair> pairs = new ArrayList<>();
    for (final String shape : List.of("64x256x784", "256x256x256")) {
      pairs.add(
          new Pair(
              "gemm " + shape + " over openblas",
              gemm("java", shape, t),
              gemm("openblas", shape, t)));
    }
    pairs.add(
        new Pair(
            "gemm with bias and relu over passes",
            Contender.gradus("fused", "gemm.LayerBench.fused"),
            Contender.gradus("passes", "gemm.LayerBench.passes")));
    pairs.add(new Pair("step mlp sgd 64 over openblas", step("sgd", "64", t), openblas));
    pairs.add(
        new Pair("step mlp adam 1 over copy", step("adam", "1", t), copy("4194304"))); // its plan
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
      pairs.add(new Pair("kernel " + kernel + " 16 Ki over fma", kernel(kernel, "16384", t), FMA));
    }
    pairs.add(
        new Pair("kernel relu 16 Mi over copy", kernel("relu", "16777216", t), copy("268435456")));
    return List.copyOf(pairs);
  }

  /** Rows of a user's own model over multiply-adds. */
  public static List<Pair> model(final List<Row> rows, final String name) {
    final List<Pair> pairs = new ArrayList<>();
    for (final Row row : rows) {
      // By the file's name, so that a baseline serves wherever the file lies.
      final String work =
          row.name().replaceAll("\\S*" + Pattern.quote(name), Matcher.quoteReplacement(name));
      pairs.add(new Pair(work + " over fma", row.contender(), FMA));
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

  private static Contender copy(final String footprint) {
    return Contender.gradus("copy", "limits.BandwidthBench.copy", "footprint", footprint);
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
