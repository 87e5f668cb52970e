package dev.gradus.bench.run;

import dev.gradus.bench.work.Models;
import dev.gradus.memory.Names;
import dev.gradus.nn.Activations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of each suite: all of them, or those that make a quick report. */
public final class Suites {
  /** All suites. */
  public static final String ALL = "all";

  /** How the names of rows begin whose work grows from one to the next. */
  public static final String GROWING = "step square-";

  private static final List<String> NAMES =
      List.of("gemm", "step", "predict", "kernel", "data", "memory");

  /** Beside every activation. */
  private static final List<String> KERNELS =
      List.of(
          "relu-gradient",
          "add",
          "sum",
          "softmax",
          "cross-entropy",
          "standardize",
          "layer-norm",
          "batch-norm",
          "max-pool",
          "average-pool");

  private static final List<String> UPDATES = List.of("sgd", "momentum", "adam", "adamw");

  private static final List<String> QUICK_KERNELS =
      List.of("relu", "tanh", "gelu", "softmax", "cross-entropy");

  private static final int IN_CACHE = 1 << 14;
  private static final int IN_MEMORY = 1 << 24;

  /** Ten million parameters, and as many more as make whole rows. */
  private static final int PARAMETERS = 10_000_384;

  private final List<Row> rows = new ArrayList<>();
  private final boolean full;
  private final int threads;

  private Suites(final boolean full, final int threads) {
    this.full = full;
    this.threads = threads;
  }

  /** Names of suites, {@link #ALL} last. */
  public static List<String> names() {
    final List<String> names = new ArrayList<>(NAMES);
    names.add(ALL);
    return names;
  }

  /**
   * The rows of a suite.
   *
   * @param full all rows, not the most telling ones alone.
   * @throws dev.gradus.memory.GradusException where there is no such suite.
   */
  public static List<Row> rows(final String suite, final boolean full, final int threads) {
    if (!names().contains(suite)) {
      throw Names.unknown("suite", suite, names());
    }
    final Suites suites = new Suites(full, threads);
    for (final String name : NAMES) {
      if (suite.equals(ALL) || suite.equals(name)) {
        switch (name) {
          case "gemm" -> suites.gemm();
          case "step" -> suites.steps();
          case "predict" -> suites.predictions();
          case "kernel" -> suites.kernels();
          case "data" -> suites.data();
          case "memory" -> suites.memory();
          default -> throw new IllegalStateException(name);
        }
      }
    }
    return List.copyOf(suites.rows);
  }

  /** The rows of a user's own model. */
  public static List<Row> model(final String file, final int batch, final int threads) {
    final Suites suites = new Suites(true, threads);
    suites.step(file, "adam", batch);
    suites.predict(file, batch);
    suites.predict(file, 1);
    return List.copyOf(suites.rows);
  }

  private void add(
      final String suite, final String work, final Contender contender, final Target... targets) {
    final String name = work + (threads == 1 ? "" : ", " + threads + " threads");
    rows.add(new Row(name, suite, contender, threads, List.of(targets)));
  }

  private void gemm() {
    for (final String shape : List.of("256x256x256", "512x512x512", "1024x1024x1024")) {
      gemm(shape, Target.peer(1), Target.limit(0.88));
    }
    for (final String shape :
        List.of("64x64x64", "64x256x784", "784x256x64A", "64x784x256B", "1x256x784")) {
      gemm(shape, Target.peer(1));
    }
    if (full) {
      twoThreads("gemm 64x256x784", 1.8);
      gemm("2048x2048x2048", Target.peer(1), Target.limit(0.88));
      for (final String shape :
          List.of(
              "16x16x16",
              "32x32x32",
              "128x128x128",
              "256x1024x1024",
              "64x10x256",
              "256x10x64A",
              "64x256x10B",
              "1x10x256",
              "8x128x128")) {
        gemm(shape, Target.peer(1));
      }
    }
  }

  private void gemm(final String shape, final Target... targets) {
    add(
        "gemm",
        "gemm " + shape,
        Contender.gradus(
            "gradus-java",
            "gemm.GemmBench.product",
            "shape",
            shape,
            "backend",
            "java",
            "threads",
            Integer.toString(threads)),
        targets);
  }

  private void steps() {
    step("mlp", "sgd", 64, Target.peer(threads == 1 ? 1.7 : 1.5), djl(4));
    step("mlp", "adam", 1, Target.peer(threads == 1 ? 3 : 1.5), djl(18));
    step("mlp", "adam", 256, Target.peer(threads == 1 ? 1.4 : 1.5), djl(4));
    step("tiny", "adam", 32, Target.peer(12), djl(25));
    step("cnn", "adam", 64, Target.peer(2.2), djl(3.5));
    step("lstm", "adam", 32, Target.peer(1.5), djl(2));
    twoThreads("step mlp sgd batch 64", 1.8);
    latency("step mlp sgd batch 64");
    if (full) {
      step("mlp", "sgd", 1, Target.peer(threads == 1 ? 3 : 1.5), djl(12));
      step("mlp", "sgd", 256, Target.peer(1.5), djl(4));
      step("mlp", "sgd", 1024, Target.peer(threads == 1 ? 1.25 : 1.5), djl(3));
      step("mlp", "adam", 64, Target.peer(threads == 1 ? 1.6 : 1.5), djl(6));
      step("mlp", "adam", 1024, Target.peer(threads == 1 ? 1.35 : 1.5), djl(3));
      step("wide", "adam", 128, Target.peer(1.4), djl(3.8));
      for (final String row : List.of("step mlp sgd batch 1", "step tiny adam batch 32")) {
        twoThreads(row, 1);
      }
      twoThreads("step mlp sgd batch 1024", 1.8);
      for (final int width : Models.growing()) {
        step("square-" + width, "sgd", width);
      }
    }
  }

  /** What one thread is to reach over DJL; two threads are to be 3 times as fast everywhere. */
  private Target djl(final double oneThread) {
    return Target.djl(threads == 1 ? oneThread : 3);
  }

  /** A row's work with two threads over the same with one. */
  private void twoThreads(final String name, final double target) {
    final Row row = row(name);
    if (threads == 1 && Runtime.getRuntime().availableProcessors() > 1) {
      final Map<String, String> parameters = new LinkedHashMap<>(row.contender().parameters());
      parameters.put("threads", "2");
      final Contender both =
          new Contender("gradus", true, row.contender().benchmark(), parameters, Map.of());
      rows.add(
          new Row(
              name + ", 2 threads over 1",
              row.suite(),
              both,
              2,
              List.of(Target.peer(target)),
              List.of(both.onOneThread())));
    }
  }

  /** How much longer a row's slowest operations take. */
  private void latency(final String name) {
    final Row row = row(name);
    rows.add(
        new Row(
            row.name() + ", p99",
            row.suite(),
            row.contender(),
            row.threads(),
            List.of(Target.tail(1.3))));
  }

  private Row row(final String name) {
    for (final Row row : rows) {
      if (row.name().equals(name) || row.name().startsWith(name + ", ")) {
        return row;
      }
    }
    throw new IllegalStateException("no row " + name);
  }

  private void step(
      final String model, final String optimizer, final int batch, final Target... targets) {
    add(
        "step",
        "step " + model + " " + optimizer + " batch " + batch,
        Contender.gradus(
            "gradus",
            "step.StepBench.step",
            "model",
            model,
            "optimizer",
            optimizer,
            "batch",
            Integer.toString(batch),
            "backend",
            "auto",
            "threads",
            Integer.toString(threads)),
        targets);
  }

  private void predictions() {
    predict("mlp", 1, Target.peer(threads == 1 ? 3 : 1.5), djl(3));
    predict("mlp", 64, Target.peer(threads == 1 ? 1.8 : 1.5), djl(2.8));
    if (full) {
      predict("cnn", 1);
      predict("cnn", 64);
      predict("lstm", 1);
    }
  }

  private void predict(final String model, final int batch, final Target... targets) {
    add(
        "predict",
        "predict " + model + " batch " + batch,
        Contender.gradus(
            "gradus",
            "predict.PredictBench.predict",
            "model",
            model,
            "batch",
            Integer.toString(batch),
            "backend",
            "auto",
            "threads",
            Integer.toString(threads)),
        targets);
  }

  private void kernels() {
    final List<String> kernels = new ArrayList<>(full ? KERNELS : QUICK_KERNELS);
    if (full) {
      kernels.addAll(0, Activations.names());
    }
    for (final String kernel : kernels) {
      kernel(kernel, IN_CACHE, Target.peer(1));
      kernel(kernel, IN_MEMORY, Target.peer(1), Target.limit(0.8));
    }
    for (final String update : full ? UPDATES : List.of("adam")) {
      kernel(update, IN_CACHE, Target.peer(1));
      kernel(update, PARAMETERS, Target.peer(1), Target.limit(0.9));
    }
  }

  private void kernel(final String kernel, final int elements, final Target... targets) {
    add(
        "kernel",
        "kernel " + kernel + " " + (elements == PARAMETERS ? "10 M" : (elements >> 10) + " Ki"),
        Contender.gradus(
            "gradus",
            "kernel.KernelBench.run",
            "kernel",
            kernel,
            "elements",
            Integer.toString(elements),
            "threads",
            Integer.toString(threads)),
        targets);
  }

  private void data() {
    for (final int batch : full ? new int[] {1, 64, 1024} : new int[] {64}) {
      add(
          "data",
          "data batch of " + batch + " x 784",
          Contender.gradus("gradus", "data.BatchBench.next", "batch", Integer.toString(batch)));
    }
    for (final String format : List.of("csv", "idx")) {
      add(
          "data",
          "data read " + format,
          Contender.gradus("gradus", "data.ReadBench.read", "format", format));
    }
  }

  private void memory() {
    add(
        "memory",
        "warm-up mlp batch 64",
        Contender.gradus(
            "gradus",
            Contender.WARM_UP,
            "model",
            "mlp",
            "batch",
            "64",
            "backend",
            "java",
            "threads",
            Integer.toString(threads)),
        Target.time(700_000));
    for (final int layers : full ? new int[] {10, 100} : new int[] {100}) {
      add(
          "memory",
          "compile " + layers + " layers",
          Contender.gradus(
              "gradus",
              "memory.CompileBench.compile",
              "layers",
              Integer.toString(layers),
              "backend",
              "java",
              "threads",
              Integer.toString(threads)),
          layers == 100 ? new Target[] {Target.time(50_000)} : new Target[0]);
    }
  }
}
