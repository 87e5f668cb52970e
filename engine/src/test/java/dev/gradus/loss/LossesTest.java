package dev.gradus.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.kernel.ClassWeights;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.MemoryAccount;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class LossesTest {
  @Test
  void shouldKnowEachByItsName() {
    assertTrue(Losses.names().containsAll(Set.of("cross-entropy", "mse")));
    for (final String name : Losses.names()) {
      assertEquals(name, Losses.byName(name).name());
    }
    final String known = "expected=one of " + Losses.names();
    assertMessage(
        "unknown loss \"hubert\": " + known + ", nearest=huber", () -> Losses.byName("hubert"));
    assertMessage(
        "unknown loss \"hubert\": " + known + ", nearest=huber", () -> Losses.byName("hubert(2)"));
  }

  @Test
  void shouldReadSettingsFromNames() {
    assertEquals(Losses.huber(0.5f), Losses.byName("huber(0.5)"));
    assertEquals(Losses.smoothL1(2f), Losses.byName("smooth_l1( 2 )"));
    assertEquals(Losses.binaryCrossEntropy(3f), Losses.byName("binary_cross_entropy(3)"));
    assertMessage(
        "delta of huber out of range: expected=a finite number above 0, actual=0.0",
        () -> Losses.byName("huber(0)"));
    assertMessage(
        "positive weight of binary-cross-entropy out of range: expected=a finite number above 0,"
            + " actual=NaN",
        () -> Losses.binaryCrossEntropy(Float.NaN));
    assertMessage(
        "argument of huber mismatch: expected=a number, actual=\"one\"",
        () -> Losses.byName("huber(one)"));
    assertMessage(
        "arguments of mse mismatch: expected=none, actual=2", () -> Losses.byName("mse(2)"));
  }

  @Test
  void shouldDescribeAsItReads() {
    for (final String name : Losses.names()) {
      final Loss loss = Losses.byName(name);
      assertEquals(loss, Losses.byName(loss.describe()));
    }
    for (final String text : new String[] {"huber(0.25)", "dice(0.5)", "cross-entropy(0.125)"}) {
      assertEquals(text, Losses.byName(text).describe());
    }
  }

  @Test
  void shouldCheckTargetsWhereOthersDoHarm() {
    assertRange("binary-cross-entropy", 0, 1);
    assertRange("binary-cross-entropy-probabilities", 0, 1);
    assertRange("soft-cross-entropy", 0, 1);
    assertRange("categorical-cross-entropy", 0, 1);
    assertRange("kl-divergence", 0, 1);
    assertRange("gan-discriminator", 0, 1);
    assertRange("lsgan-discriminator", 0, 1);
    assertRange("wgan-critic", 0, 1);
    assertRange("hinge", -1, 1);
    assertRange("dice", 0, 1);
    assertRange("poisson", 0, Float.POSITIVE_INFINITY);
    assertRange("poisson-rate", 0, Float.POSITIVE_INFINITY);
  }

  private static void assertRange(final String name, final float low, final float high) {
    final Loss loss = Losses.byName(name);
    try (Slab slab = Slab.open(new MemoryAccount(), "targets", 64)) {
      final Tensor target = slab.tensor(0, TensorType.float32(Shape.of(4, 2)));
      target.set(4, low);
      target.set(5, high);
      loss.requireTarget(target, Shape.of(4, 2), 3);
      for (final float bad : new float[] {(float) (low - 0.01), (float) (high + 0.01), Float.NaN}) {
        target.set(5, bad);
        loss.requireTarget(target, Shape.of(4, 2), 2); // not of these rows
        if (!(bad <= high && bad >= low)) {
          assertMessage(
              "target 5 of "
                  + name
                  + " out of range: expected="
                  + low
                  + " to "
                  + high
                  + ", actual="
                  + bad,
              () -> loss.requireTarget(target, Shape.of(4, 2), 3));
        }
      }
    }
  }

  @Test
  void shouldSayWhichTargetsTheyWant() {
    final TensorType logits = TensorType.float32(Shape.batched(7, 10));
    assertEquals(
        TensorType.int32(Shape.batched(7)), Losses.softmaxCrossEntropy().targetType(logits));
    assertEquals(logits, Losses.meanSquaredError().targetType(logits));
    assertMessage(
        "rank of logits mismatch: expected=2 or more, actual=[N]",
        () -> Losses.softmaxCrossEntropy().targetType(TensorType.float32(Shape.batched())));
  }

  @Test
  void shouldCheckEachLabelOfTheRowsOfASequence() {
    final Shape prediction = Shape.of(4, 3, 10); // 4 rows of 3 labels
    try (Slab slab = Slab.open(new MemoryAccount(), "labels", 64)) {
      final Tensor labels = slab.tensor(0, TensorType.int32(Shape.of(4, 3)));
      final Loss loss = Losses.softmaxCrossEntropy();
      labels.setInt(5, 9);
      loss.requireTarget(labels, prediction, 4);
      labels.setInt(6, 10); // of the third row
      loss.requireTarget(labels, prediction, 2);
      assertMessage(
          "label 6 out of range: expected=0 to 9, actual=10",
          () -> loss.requireTarget(labels, prediction, 3));
      labels.setInt(6, Integer.MIN_VALUE); // what stands for none to ignore
      assertMessage(
          "label 6 out of range: expected=0 to 9, actual=-2147483648",
          () -> loss.requireTarget(labels, prediction, 3));
    }
  }

  @Test
  void shouldLetOneLabelPassAsIgnored() {
    try (Slab slab = Slab.open(new MemoryAccount(), "labels", 64)) {
      final Tensor labels = slab.tensor(0, TensorType.int32(Shape.of(4)));
      final Loss loss = Losses.softmaxCrossEntropy().withIgnoreIndex(-100);
      labels.setInt(1, -100);
      loss.requireTarget(labels, Shape.of(4, 3), 4);
      labels.setInt(2, -1);
      assertMessage(
          "label 2 out of range: expected=0 to 2 or -100, actual=-1",
          () -> loss.requireTarget(labels, Shape.of(4, 3), 3));
      assertMessage(
          "label 1 out of range: expected=0 to 2, actual=-100",
          () -> Losses.multiClassHinge(1f).requireTarget(labels, Shape.of(4, 3), 3));
    }
  }

  @Test
  void shouldRefuseSettingsOutOfRange() {
    final ClassLoss loss = Losses.softmaxCrossEntropy();
    assertMessage(
        "weight of class 1 out of range: expected=a finite number of 0 or more, actual=-1.0",
        () -> loss.withClassWeights(1f, -1f));
    assertMessage(
        "class weights out of range: expected=one above 0 at least, actual=[0.0, 0.0]",
        () -> loss.withClassWeights(0f, 0f));
    assertMessage(
        "label smoothing out of range: expected=0 to 1, actual=1.5",
        () -> loss.withLabelSmoothing(1.5f));
    assertMessage(
        "margin of triplet-margin out of range: expected=a finite number of 0 or more,"
            + " actual=-1.0",
        () -> Losses.byName("triplet-margin(-1)"));
    assertMessage(
        "smooth of dice out of range: expected=a finite number above 0, actual=0.0",
        () -> Losses.dice(0f));
    final Graph graph = new Graph();
    final Value logits = graph.input("logits", TensorType.float32(Shape.batched(3)));
    final Value labels = graph.input("labels", TensorType.int32(Shape.batched()));
    assertMessage(
        "number of class weights mismatch: expected=3, actual=2",
        () -> loss.withClassWeights(1f, 2f).build(graph, logits, labels));
  }

  @Test
  void shouldBalanceClasses() {
    // 12 samples of 3 classes: each shall count 4.
    assertEquals(ClassWeights.of(0.5f, 2f, 2f), ClassWeights.balanced(8, 2, 2));
    assertEquals(
        ClassWeights.of(2f, 1f, 0.4f), ClassWeights.balanced(1, 0, 5)); // of 6, one class empty
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
