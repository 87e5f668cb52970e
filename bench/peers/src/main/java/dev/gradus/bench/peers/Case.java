package dev.gradus.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One row of the comparison: one benchmark with fixed parameters at one number of threads, and who
 * runs it.
 *
 * @param flops floating-point operations of one run, in its products alone.
 */
record Case(
    String name,
    String benchmark,
    Map<String, String> parameters,
    int threads,
    double flops,
    List<? extends Contender> contenders) {

  /** Forward, and backward without the gradient of the features. */
  static Case step(
      final String optimizer, final int batch, final int threads, final List<ModelContender> who) {
    final double layer1 = 2.0 * batch * 784 * 256;
    final double layer2 = 2.0 * batch * 256 * 10;
    return new Case(
        "step 784-256-10 " + optimizer + " batch " + batch,
        TrainingStepBench.class.getName() + ".step",
        parameters("optimizer", optimizer, "batch", Integer.toString(batch)),
        threads,
        2 * layer1 + 3 * layer2,
        who);
  }

  static Case predict(final int batch, final int threads, final List<ModelContender> who) {
    final List<ModelContender> predicting = new ArrayList<>();
    for (final ModelContender contender : who) {
      if (contender.predicts()) {
        predicting.add(contender);
      }
    }
    return new Case(
        "predict 784-256-10 batch " + batch,
        PredictionBench.class.getName() + ".predict",
        parameters("batch", Integer.toString(batch)),
        threads,
        2.0 * batch * 256 * (784 + 10),
        predicting);
  }

  static Case gemm(final String shape, final int threads, final List<GemmContender> who) {
    return new Case(
        "gemm " + shape,
        GemmBench.class.getName() + ".multiply",
        parameters("shape", shape),
        threads,
        GemmTask.of(shape).flops(),
        who);
  }

  private static Map<String, String> parameters(final String... namesAndValues) {
    final Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return parameters;
  }
}
