package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.Tensor;
import dev.gradus.plan.Engine;
import dev.gradus.tools.model.Models;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the options of a descent do to the weights that a run saves. */
final class DescentOptionsTest {
  @TempDir private Path folder;
  private double accuracy;

  /** The weights after eight epochs of a linear model on the digits. */
  private double[] weights(final String name, final String... more) {
    final Object[] arguments = new Object[more.length + 6];
    arguments[0] = "train";
    arguments[1] = "--model=linear";
    arguments[2] = "--epochs=8";
    arguments[3] = "--backend=java";
    arguments[4] = "--out";
    arguments[5] = folder.resolve(name + ".safetensors");
    System.arraycopy(more, 0, arguments, 6, more.length);
    final CommandLineFixture run = CommandLineFixture.execute(arguments).assertFine();
    accuracy = accuracy(run);
    try (Engine engine = Engine.open();
        ModelFile model = Models.read(engine, folder.resolve(name + ".safetensors"))) {
      final Tensor weight = model.parameters().tensor("0.weight");
      final double[] values = new double[Math.toIntExact(weight.elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] = weight.get(i);
      }
      return values;
    }
  }

  private static double accuracy(final CommandLineFixture run) {
    final String line =
        run.lines().stream().filter(text -> text.startsWith("test  ")).findFirst().orElseThrow();
    return Double.parseDouble(line.replaceAll(".*accuracy ([0-9.]+).*", "$1"));
  }

  private static double norm(final double[] values) {
    double squares = 0;
    for (final double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  private static double distance(final double[] a, final double[] b) {
    final double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return norm(difference);
  }

  private static long small(final double[] values) {
    long count = 0;
    for (final double value : values) {
      count += Math.abs(value) < 0.005 ? 1 : 0;
    }
    return count;
  }

  @Test
  void shouldShrinkWeightsThatDecay() {
    final double[] plain = weights("plain", "--lr=0.02");
    final double decayed = norm(weights("decay", "--lr=0.02", "--weight-decay=0.05"));
    assertTrue(decayed < 0.9 * norm(plain), decayed + " of " + norm(plain));
  }

  @Test
  void shouldBringMoreWeightsToZeroWithAPenaltyOnTheirAbsoluteValues() {
    final double[] plain = weights("plain", "--lr=0.02");
    final long some = small(weights("l1", "--lr=0.02", "--l1=0.01"));
    assertTrue(some > 3 * small(plain), some + " against " + small(plain));
  }

  /** Steps of descent are at most the rate times the limit. */
  @ParameterizedTest
  @ValueSource(strings = {"--clip-norm=0.04", "--clip-value=0.002"})
  void shouldLimitTheSteps(final String option) {
    final double[] free = weights("free", "--optimizer=sgd", "--lr=0.5");
    final double[] limited = weights("limited", "--optimizer=sgd", "--lr=0.5", option);
    final double[] loose =
        weights("loose", "--optimizer=sgd", "--lr=0.5", option.replaceAll("=.*", "=1e6"));
    final double[] start = weights("start", "--lr=1e-12");
    final double way = distance(limited, start);
    assertTrue(way < 0.7 * distance(free, start), way + " of " + distance(free, start));
    assertTrue(way > 0.1, "went " + way);
    assertArrayEquals(free, loose, 0);
  }

  @Test
  void shouldLimitTheWeights() {
    final double limit = 0.03f;
    final double[] free = weights("unclipped", "--lr=0.02");
    final double[] clipped = weights("clipped", "--lr=0.02", "--clip-weights=0.03");
    assertTrue(Arrays.stream(free).map(Math::abs).max().orElseThrow() > 2 * limit);
    assertEquals(limit, Arrays.stream(clipped).map(Math::abs).max().orElseThrow(), 0);
  }

  /** Of equal batches, the mean of the gradients of two is that of one twice as large. */
  @Test
  void shouldUpdateOnceForSeveralBatches() {
    final String[] common = {"--optimizer=sgd", "--schedule=constant", "--lr=0.2"};
    final double[] two =
        weights("two", common[0], common[1], common[2], "--batch=20", "--accumulate=2");
    final double[] one = weights("one", common[0], common[1], common[2], "--batch=40");
    final double difference = distance(one, two);
    assertTrue(difference < 0.03 * norm(one), difference + " of " + norm(one));
  }

  @Test
  void shouldSayThatARunHasTooFewBatchesToAccumulate() {
    CommandLineFixture.execute(
            "train", "--accumulate=1000000", "--epochs=1", "--out", folder.resolve("none"))
        .assertFails(1, "accumulated batches out of range: expected=at most ", "actual=1000000");
  }

  @Test
  void shouldScoreAndSaveTheAverageOfTheWeights() {
    final double[] plain = weights("plain", "--lr=0.02");
    final double[] average = weights("average", "--lr=0.02", "--average=0.9");
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    assertEquals(plain.length, average.length);
    assertNotEquals(norm(plain), norm(average));
    assertEquals(norm(plain), norm(average), 0.1 * norm(plain)); // the last weights, smoothed
  }
}
