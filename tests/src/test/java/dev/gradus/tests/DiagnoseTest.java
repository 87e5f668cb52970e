package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Dataset;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.nn.Scope;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.train.Diagnose;
import dev.gradus.train.Finding;
import dev.gradus.train.Finding.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Healthy networks pass all checks; each planted fault is found by the check it is for. */
final class DiagnoseTest {
  private static final int ROWS = 240;
  private static final int FEATURES = 16;
  private static final int CLASSES = 4;
  private static final Loss CROSS_ENTROPY = Losses.softmaxCrossEntropy();
  private static final Network MLP =
      Network.parse("input(16) dense(32,relu) dense(32,relu) dense(4)");
  private static final Network RESIDUAL =
      Network.parse("input(16) dense(32,relu) residual(dense(32,relu) dense(32)) dense(4)");

  private final Engine engine = Engine.open(new EngineOptions(1, "java"));

  @AfterEach
  void closeEngine() {
    assertEquals(0, engine.account().openBytes());
    engine.close();
  }

  /** Rows around one centre for each class. */
  private Dataset blobs() {
    final Dataset data = Dataset.classification(engine.account(), Shape.batched(FEATURES), ROWS);
    final Random random = new Random(5);
    final float[] centres = new float[CLASSES * FEATURES];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = (float) random.nextGaussian();
    }
    for (int row = 0; row < ROWS; row++) {
      final int label = row % CLASSES;
      data.targets().setInt(row, label);
      for (int f = 0; f < FEATURES; f++) {
        final float noise = (float) random.nextGaussian() / 2;
        data.features().set((long) row * FEATURES + f, centres[label * FEATURES + f] + noise);
      }
    }
    return data;
  }

  private static void shuffleLabels(final Dataset data) {
    final Random random = new Random(9);
    for (int row = 0; row < ROWS; row++) {
      data.targets().setInt(row, random.nextInt(CLASSES));
    }
  }

  /** A weighted sum of features, of a deviation of 1, and a shift. */
  private Dataset numbers(final float shift) {
    final Dataset data =
        Dataset.open(
            engine.account(),
            TensorType.float32(Shape.batched(FEATURES)),
            TensorType.float32(Shape.batched(1)),
            ROWS);
    final Random random = new Random(6);
    for (int row = 0; row < ROWS; row++) {
      float sum = 0;
      for (int f = 0; f < FEATURES; f++) {
        final float x = (float) random.nextGaussian();
        data.features().set((long) row * FEATURES + f, x);
        sum += f % 2 == 0 ? x : -x;
      }
      data.targets().set(row, sum / 4 + shift);
    }
    return data;
  }

  private Map<String, Finding> diagnose(
      final Network network, final Loss loss, final Dataset data) {
    return byCheck(Diagnose.run(engine, network, loss, data, 1));
  }

  private Map<String, Finding> diagnose(
      final Network network, final Parameters parameters, final Dataset data) {
    final String before = parameters.sha256();
    final Map<String, Finding> findings =
        byCheck(Diagnose.run(engine, network, parameters, CROSS_ENTROPY, data, 1));
    assertEquals(before, parameters.sha256());
    return findings;
  }

  private static Map<String, Finding> byCheck(final List<Finding> findings) {
    final Map<String, Finding> byCheck = new LinkedHashMap<>();
    findings.forEach(finding -> byCheck.put(finding.check(), finding));
    return byCheck;
  }

  private static void assertAllFine(final Map<String, Finding> findings) {
    assertEquals(
        List.of("start loss", "input", "overfitting", "gradients", "dead units", "scale"),
        List.copyOf(findings.keySet()));
    for (final Finding finding : findings.values()) {
      assertEquals(Verdict.OK, finding.verdict(), finding.toString());
    }
  }

  private static void assertFound(
      final Map<String, Finding> findings,
      final String check,
      final Verdict verdict,
      final String part) {
    final Finding finding = findings.get(check);
    assertEquals(verdict, finding.verdict(), finding.toString());
    assertTrue(finding.words().contains(part), finding.toString());
  }

  private static void fill(final Tensor tensor, final float value) {
    for (long i = 0; i < tensor.elements(); i++) {
      tensor.set(i, value);
    }
  }

  private static void scale(final Tensor tensor, final float factor) {
    for (long i = 0; i < tensor.elements(); i++) {
      tensor.set(i, tensor.get(i) * factor);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input(16) dense(32,relu) dense(32,relu) dense(4)",
        "input(16) dense(32,tanh) dropout(0.2) dense(4)",
        "input(16) dense(32) batch_norm() relu() dense(4)",
        "input(16) dense(16,gelu) residual(dense(16,silu) dropout(0.1)) layer_norm() dense(4)",
        "input(1,4,4) conv2d(8,3,1,1,relu) max_pool2d(2) flatten() dense(4)",
        "input(4,4) lstm(16,last) dense(4)",
        "input(4,4) gru(12) flatten() dense(4)"
      })
  void shouldFindNothingInHealthyNetworks(final String text) {
    try (Dataset data = blobs()) {
      assertAllFine(diagnose(Network.parse(text), CROSS_ENTROPY, data));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mse", "mae", "huber"})
  void shouldFindNothingInHealthyRegression(final String loss) {
    try (Dataset data = numbers(0)) {
      assertAllFine(
          diagnose(Network.parse("input(16) dense(32,relu) dense(1)"), Losses.byName(loss), data));
    }
  }

  @Test
  void shouldTellTheLossOfTheory() {
    try (Dataset data = blobs();
        Parameters zeros = Parameters.zeros(engine, MLP)) {
      final Map<String, Finding> findings = diagnose(MLP, zeros, data);
      assertFound(
          findings,
          "start loss",
          Verdict.OK,
          "1.386, where even guesses of 4 classes, ln 4, would give 1.386");
    }
  }

  @Test
  void shouldFindAnOutputThatIsSureAtTheStart() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      parameters.tensor("2.bias").set(0, 4);
      assertFound(
          diagnose(MLP, parameters, data), "start loss", Verdict.SUSPICIOUS, "last layer's bias");
      parameters.tensor("2.bias").set(0, 30);
      assertFound(
          diagnose(MLP, parameters, data), "start loss", Verdict.FAILED, "last layer's bias");
    }
  }

  @Test
  void shouldFindTargetsThatAreNotStandardised() {
    try (Dataset data = numbers(100)) {
      assertFound(
          diagnose(
              Network.parse("input(16) dense(32,relu) dense(1)"), Losses.meanSquaredError(), data),
          "start loss",
          Verdict.FAILED,
          "standardise the targets");
    }
  }

  @Test
  void shouldFindTargetsInTheInput() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      for (int row = 0; row < ROWS; row++) {
        for (int f = 0; f < CLASSES; f++) {
          data.features().set((long) row * FEATURES + f, f == row % CLASSES ? 1 : 0);
        }
      }
      for (int layer = 0; layer < 3; layer++) {
        fill(parameters.tensor(layer + ".weight"), 0);
        for (int f = 0; f < CLASSES; f++) {
          parameters.tensor(layer + ".weight").set((long) f * (layer == 2 ? 4 : 32) + f, 2);
        }
      }
      assertFound(
          diagnose(MLP, parameters, data), "start loss", Verdict.SUSPICIOUS, "in the input?");
    }
  }

  @Test
  void shouldFindLabelsThatDoNotFollowFromTheInput() {
    try (Dataset data = blobs()) {
      shuffleLabels(data);
      final Map<String, Finding> findings = diagnose(MLP, CROSS_ENTROPY, data);
      assertFound(findings, "input", Verdict.SUSPICIOUS, "learned by heart");
      assertEquals(Verdict.OK, findings.get("overfitting").verdict());
    }
  }

  @Test
  void shouldFindAnInputThatIsCutOff() {
    final Network network = Network.parse("input(16) frozen(dense(8)) dense(16,tanh) dense(4)");
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      fill(parameters.tensor("0.weight"), 0);
      final Map<String, Finding> findings = diagnose(network, parameters, data);
      assertFound(findings, "input", Verdict.FAILED, "does not follow from the input");
      assertFound(findings, "overfitting", Verdict.FAILED, "not near 0");
    }
  }

  @Test
  void shouldFindUnitsThatAreDead() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      for (int unit = 0; unit < 10; unit++) {
        parameters.tensor("1.bias").set(unit, -100);
      }
      assertFound(
          diagnose(MLP, parameters, data),
          "dead units",
          Verdict.SUSPICIOUS,
          "10 of 32 of layer 1, dense(32,relu)");
      fill(parameters.tensor("0.bias"), -100);
      final Map<String, Finding> findings = diagnose(MLP, parameters, data);
      assertFound(findings, "dead units", Verdict.FAILED, "32 of 32 of layer 0, dense(32,relu)");
      assertFound(findings, "scale", Verdict.FAILED, "vanish");
    }
  }

  @Test
  void shouldFindUnitsThatAreDeadWithinBranches() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, RESIDUAL, 1)) {
      fill(parameters.tensor("1.0.0.bias"), -100);
      assertFound(
          diagnose(RESIDUAL, parameters, data),
          "dead units",
          Verdict.FAILED,
          "for every row: 32 of 32 of layer 1.0.0, dense(32,relu)");
    }
  }

  @Test
  void shouldFindWeightsOfAWrongScaleWithinBranches() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, RESIDUAL, 1)) {
      assertEquals(Verdict.OK, diagnose(RESIDUAL, parameters, data).get("scale").verdict());
      scale(parameters.tensor("1.0.1.weight"), 1e-6f);
      final Map<String, Finding> vanishing = diagnose(RESIDUAL, parameters, data);
      assertFound(vanishing, "scale", Verdict.FAILED, " (layer 1.0.0) to ");
      assertFound(vanishing, "scale", Verdict.FAILED, " (layer 1.0.1) to ");
      scale(parameters.tensor("1.0.0.weight"), 1e6f); // and back to its scale behind it
      assertFound(
          diagnose(RESIDUAL, parameters, data), "scale", Verdict.FAILED, "(layer 1.0.0): they");
    }
  }

  /** What becomes a category has no gradient: nothing is said of it, and nothing refused. */
  @Test
  void shouldLookAtBranchesOfCategories() {
    final Network network =
        Network.parse(
            "input(16) concat(columns(0,14) | columns(14,2) categorical(4,8,8) flatten())"
                + " dense(16,relu) dense(4)");
    try (Dataset data = blobs()) {
      for (int row = 0; row < ROWS; row++) {
        data.features().set((long) row * FEATURES + 14, row % 8);
        data.features().set((long) row * FEATURES + 15, row % 7);
      }
      assertAllFine(diagnose(network, CROSS_ENTROPY, data));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "sigmoid"})
  void shouldFindUnitsThatAreSaturated(final String activation) {
    final Network network = Network.parse("input(16) dense(32," + activation + ") dense(4)");
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      scale(parameters.tensor("0.weight"), 1e5f);
      assertFound(diagnose(network, parameters, data), "dead units", Verdict.FAILED, "saturated");
    }
  }

  @Test
  void shouldFindChannelsThatAreDead() {
    final Network network =
        Network.parse("input(1,4,4) conv2d(8,3,1,1,relu) max_pool2d(2) flatten() dense(4)");
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      parameters.tensor("0.bias").set(3, -100);
      parameters.tensor("0.bias").set(5, -100);
      assertFound(
          diagnose(network, parameters, data),
          "dead units",
          Verdict.SUSPICIOUS,
          "2 of 8 of layer 0, conv2d(8,3,1,1,relu)");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-3f, 1e3f})
  void shouldFindWeightsOfAWrongScale(final float factor) {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      for (int layer = 0; layer < 3; layer++) {
        scale(parameters.tensor(layer + ".weight"), factor);
      }
      assertFound(diagnose(MLP, parameters, data), "scale", Verdict.FAILED, "vanish or explode");
    }
  }

  @Test
  void shouldFindALayerThatWeakensWhatPasses() {
    try (Dataset data = blobs();
        Parameters parameters = Parameters.initialise(engine, MLP, 1)) {
      scale(parameters.tensor("1.weight"), 2e-3f);
      assertFound(
          diagnose(MLP, parameters, data), "scale", Verdict.SUSPICIOUS, "vanish or explode");
    }
  }

  @Test
  void shouldFindANetworkThatIsTooSmall() {
    final Network network = Network.parse("input(16) dense(1) dense(4)");
    try (Dataset data = blobs()) {
      shuffleLabels(data);
      assertFound(
          diagnose(network, CROSS_ENTROPY, data),
          "overfitting",
          Verdict.SUSPICIOUS,
          "small or learns slowly");
    }
  }

  @Test
  void shouldFindAGradientThatIsWrong() {
    final Network network =
        Network.of(
            Shape.batched(FEATURES), new Dense(12, new TanhWithSlopeOfSigmoid()), new Dense(4));
    try (Dataset data = blobs()) {
      final Map<String, Finding> findings = diagnose(network, CROSS_ENTROPY, data);
      assertFound(findings, "gradients", Verdict.FAILED, "0.weight[");
      assertEquals(Verdict.OK, findings.get("start loss").verdict());
    }
  }

  private record TanhWithSlopeOfSigmoid() implements Activation {
    @Override
    public String name() {
      return "wrong";
    }

    @Override
    public UnaryKernel forward(final KernelMode mode) {
      return Activations.TANH.forward(mode);
    }

    @Override
    public BinaryKernel gradient(final KernelMode mode) {
      return Activations.SIGMOID.gradient(mode);
    }
  }

  @Test
  void shouldSayWhereGradientsCannotBeChecked() {
    final Network network = Network.of(Shape.batched(FEATURES), new Noisy(), new Dense(4));
    try (Dataset data = blobs()) {
      assertFound(
          diagnose(network, CROSS_ENTROPY, data),
          "gradients",
          Verdict.SUSPICIOUS,
          "another in each run");
    }
  }

  /** A layer of a user's own with a dropout within. */
  private record Noisy() implements Layer {
    @Override
    public Value define(final Scope scope, final Value input) {
      return new Dropout(0.5).define(scope, input);
    }

    @Override
    public String describe() {
      return "noisy()";
    }
  }

  @Test
  void shouldFindTheSameWithTheSameSeed() {
    final Network network = Network.parse("input(16) dense(12,relu) dropout(0.1) dense(4)");
    try (Dataset data = blobs()) {
      assertEquals(
          Diagnose.run(engine, network, CROSS_ENTROPY, data, 3),
          Diagnose.run(engine, network, CROSS_ENTROPY, data, 3));
    }
  }

  @Test
  void shouldStopAtALossThatIsNoNumber() {
    try (Dataset data = blobs()) {
      data.features().set(7, Float.NaN);
      final List<Finding> findings = Diagnose.run(engine, MLP, CROSS_ENTROPY, data, 1);
      assertEquals(1, findings.size());
      assertEquals(Verdict.FAILED, findings.get(0).verdict());
      assertTrue(findings.get(0).words().contains("NaN before any training"), findings.toString());
    }
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    try (Dataset data = blobs();
        Dataset few = Dataset.classification(engine.account(), Shape.batched(FEATURES), 7)) {
      final Network other = Network.parse("input(15) dense(4)");
      assertRefused(
          "rows of 16", () -> Diagnose.run(engine, other, CROSS_ENTROPY, data, 1), "input");
      assertRefused(
          "expected=8 or more, actual=7",
          () -> Diagnose.run(engine, MLP, CROSS_ENTROPY, few, 1),
          "rows of a sample");
    }
  }

  private static void assertRefused(final String part, final Runnable work, final String what) {
    final GradusException thrown = assertThrows(GradusException.class, work::run);
    assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    assertTrue(thrown.getMessage().contains(what), thrown.getMessage());
  }
}
