package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.OffHeap;
import dev.gradus.optim.AdaGrad;
import dev.gradus.optim.Adadelta;
import dev.gradus.optim.Adam;
import dev.gradus.optim.AdamW;
import dev.gradus.optim.Adamax;
import dev.gradus.optim.AmsGrad;
import dev.gradus.optim.Lion;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Nadam;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.RAdam;
import dev.gradus.optim.RmsProp;
import dev.gradus.optim.Sgd;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A hundred steps of every optimizer against PyTorch's, on the same gradients: see {@code
 * tools/golden/optimizers.py}. Plain descent may be 2 units in the last place off for each step,
 * the adaptive ones, whose roots and quotients PyTorch takes in another order, 1e-5.
 */
final class OptimizerGoldenTest {
  private static final int STEPS = 100;
  private static final int WEIGHTS = 3;
  private static final float[] START = {0.5f, -0.25f, 1.5f};
  private static final Map<String, Map<Integer, float[]>> GOLDEN = read();

  private static Map<String, Optimizer> cases() {
    final Map<String, Optimizer> cases = new LinkedHashMap<>();
    cases.put("sgd", new Sgd(0.05));
    cases.put("sgd-decay", new Sgd(0.05, 0.1));
    cases.put("momentum", new Momentum(0.05));
    cases.put("nesterov", new Momentum(0.05, 0.8, true, 0.1));
    cases.put("adagrad", new AdaGrad(0.1));
    cases.put("adagrad-decay", new AdaGrad(0.1, 0.05, 1e-3, 0.1));
    cases.put("rmsprop", new RmsProp(0.01));
    cases.put("rmsprop-momentum", new RmsProp(0.01, 0.9, 1e-8, 0.1, 0.8, false));
    cases.put("rmsprop-centred", new RmsProp(0.01, 0.9, 1e-3, 0, 0, true));
    cases.put("adadelta", new Adadelta(1));
    cases.put("adadelta-decay", new Adadelta(0.5, 0.8, 1e-3, 0.1));
    cases.put("adam", new Adam(0.01));
    cases.put("adam-decay", new Adam(0.01, 0.8, 0.9, 1e-3, 0.1));
    cases.put("amsgrad", new AmsGrad(0.01, 0.8, 0.9, 1e-8, 0.1));
    cases.put("adamw", new AdamW(0.01));
    cases.put("adamax", new Adamax(0.01));
    cases.put("adamax-decay", new Adamax(0.01, 0.8, 0.9, 1e-3, 0.1));
    cases.put("nadam", new Nadam(0.01));
    cases.put("nadam-decay", new Nadam(0.01, 0.8, 0.9, 1e-8, 0.1, 0.1));
    cases.put("radam", new RAdam(0.01));
    cases.put("radam-decay", new RAdam(0.01, 0.8, 0.9, 1e-3, 0.1));
    cases.put("lion", new Lion(0.01, 0.9, 0.99, 0.1));
    return cases;
  }

  static Stream<Arguments> traces() {
    assertEquals(
        GOLDEN.keySet().stream().filter(name -> !name.equals("gradient")).toList(),
        List.copyOf(cases().keySet()));
    return cases().entrySet().stream()
        .flatMap(
            entry ->
                Stream.of(KernelMode.values())
                    .map(mode -> Arguments.of(entry.getKey(), mode, entry.getValue())));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("traces")
  void shouldFollowTheTrace(final String name, final KernelMode mode, final Optimizer optimizer) {
    final boolean plain = optimizer instanceof Sgd || optimizer instanceof Momentum;
    final Optimizer.UpdateKernel kernel = optimizer.kernel(mode);
    final float[] scalars = new float[optimizer.scalars()];
    int compared = 0;
    try (Arena arena = Arena.ofConfined()) {
      final long slotBytes = WEIGHTS * Float.BYTES;
      final long p = arena.allocate(slotBytes, 64).address();
      final long g = arena.allocate(slotBytes, 64).address();
      final long state = arena.allocate(slotBytes * Math.max(1, optimizer.slots()), 64).address();
      write(p, START);
      for (int step = 1; step <= STEPS; step++) {
        write(g, GOLDEN.get("gradient").get(step));
        optimizer.scalars(step, optimizer.learningRate(), scalars);
        kernel.run(p, g, state, slotBytes, WEIGHTS, scalars);
        final float[] expected = GOLDEN.get(name).get(step);
        for (int i = 0; expected != null && i < WEIGHTS; i++) {
          final double tolerance =
              plain ? 2.0 * step * Math.ulp(expected[i]) : 1e-5 * Math.abs(expected[i]);
          final float actual = OffHeap.getFloat(p + (long) i * Float.BYTES);
          assertEquals(expected[i], actual, tolerance, name + " weight " + i + " step " + step);
          compared++;
        }
      }
    }
    assertTrue(compared >= 19 * WEIGHTS, "steps with golden values: " + compared / WEIGHTS);
  }

  private static void write(final long address, final float[] values) {
    for (int i = 0; i < values.length; i++) {
      OffHeap.setFloat(address + (long) i * Float.BYTES, values[i]);
    }
  }

  private static Map<String, Map<Integer, float[]>> read() {
    final Map<String, Map<Integer, float[]>> traces = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    OptimizerGoldenTest.class.getResourceAsStream("/golden/optimizers.csv")),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          final String[] parts = line.split(",", -1);
          final float[] values = new float[WEIGHTS];
          for (int i = 0; i < WEIGHTS; i++) {
            values[i] = (float) Double.parseDouble(parts[2 + i]);
          }
          traces
              .computeIfAbsent(parts[0], name -> new HashMap<>())
              .put(Integer.parseInt(parts[1]), values);
        }
      }
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
    return traces;
  }
}
