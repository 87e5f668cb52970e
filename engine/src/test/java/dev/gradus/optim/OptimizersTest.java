package dev.gradus.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptimizersTest {
  /** Decay 0.5, so that a slot leaves the normal range after 130 steps without a gradient. */
  private static final List<Optimizer> FORGETFUL =
      List.of(
          new Momentum(0.1, 0.5, false, 0),
          new Momentum(0.1, 0.5, true, 0),
          new RmsProp(0.1, 0.5, 1e-8, 0, 0.5, false),
          new RmsProp(0.1, 0.5, 1e-8, 0, 0.5, true),
          new RmsProp(0.1, 0.5, 1e-8, 0, 0, false),
          new Adadelta(0.1, 0.5, 1e-6, 0),
          new Adam(0.1, 0.5, 0.5, 1e-8, 0),
          new AmsGrad(0.1, 0.5, 0.5, 1e-8, 0),
          new AdamW(0.1, 0.5, 0.5, 1e-8, 0),
          new Adamax(0.1, 0.5, 0.5, 1e-8, 0),
          new Nadam(0.1, 0.5, 0.5, 1e-8, 0, 0.004),
          new RAdam(0.1, 0.5, 0.5, 1e-8, 0),
          new Lion(0.1, 0.5, 0.5, 0));

  @Test
  void shouldKnowEachByItsName() {
    final List<String> names =
        List.of(
            "sgd",
            "momentum",
            "nesterov",
            "adagrad",
            "rmsprop",
            "adadelta",
            "adam",
            "amsgrad",
            "adamw",
            "adamax",
            "nadam",
            "radam",
            "lion");
    assertEquals(names, List.copyOf(Optimizers.names()));
    for (final String name : Optimizers.names()) {
      final Optimizer optimizer = Optimizers.byName(name, 0.25);
      assertEquals(name, optimizer.name());
      assertEquals(0.25, optimizer.learningRate());
      final Optimizer decaying = optimizer.withWeightDecay(0.125);
      assertEquals(0.125, decaying.weightDecay());
      assertEquals(optimizer, decaying.withWeightDecay(optimizer.weightDecay()), name);
    }
    assertMessage(
        "unknown optimizer \"adamm\": expected=one of " + names + ", nearest=adam",
        () -> Optimizers.byName("adamm", 0.1));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e39})
  void shouldRefuseRatesOutOfRange(final double rate) {
    for (final String name : Optimizers.names()) {
      assertMessage(
          "learning rate out of range: expected=a finite float32 above 0, actual=" + rate,
          () -> Optimizers.byName(name, rate));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, -0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldRefuseFractionsOutOfRange(final double fraction) {
    final String suffix = " out of range: expected=0 or more, below 1, actual=" + fraction;
    assertMessage("momentum" + suffix, () -> new Momentum(0.1, fraction, false, 0));
    assertMessage("beta1" + suffix, () -> new Adam(0.1, fraction, 0.999, 1e-8, 0));
    assertMessage("beta2" + suffix, () -> new Adam(0.1, 0.9, fraction, 1e-8, 0));
    assertMessage("beta1" + suffix, () -> new AdamW(0.1, fraction, 0.999, 1e-8, 0));
    assertMessage("beta2" + suffix, () -> new AmsGrad(0.1, 0.9, fraction, 1e-8, 0));
    assertMessage("beta1" + suffix, () -> new Adamax(0.1, fraction, 0.999, 1e-8, 0));
    assertMessage("beta2" + suffix, () -> new Nadam(0.1, 0.9, fraction, 1e-8, 0, 0.004));
    assertMessage("beta1" + suffix, () -> new RAdam(0.1, fraction, 0.999, 1e-8, 0));
    assertMessage("beta2" + suffix, () -> new Lion(0.1, 0.9, fraction, 0));
    assertMessage("rho" + suffix, () -> new Adadelta(0.1, fraction, 1e-6, 0));
    assertMessage("alpha" + suffix, () -> new RmsProp(0.1, fraction, 1e-8, 0, 0, false));
    assertMessage("momentum" + suffix, () -> new RmsProp(0.1, 0.9, 1e-8, 0, fraction, true));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldRefuseNegativeDecayAndEpsilon(final double value) {
    final String suffix = " out of range: expected=a finite float32 of 0 or more, actual=" + value;
    final List<DoubleFunction<Optimizer>> decays =
        List.of(
            decay -> new Sgd(0.1, decay),
            decay -> new Momentum(0.1, 0.9, true, decay),
            decay -> new Adam(0.1, 0.9, 0.999, 1e-8, decay),
            decay -> new AdaGrad(0.1, 0, 1e-10, decay),
            decay -> new RmsProp(0.1, 0.9, 1e-8, decay, 0, false),
            decay -> new Adadelta(0.1, 0.9, 1e-6, decay),
            decay -> new AmsGrad(0.1, 0.9, 0.999, 1e-8, decay),
            decay -> new AdamW(0.1, 0.9, 0.999, 1e-8, decay),
            decay -> new Adamax(0.1, 0.9, 0.999, 1e-8, decay),
            decay -> new Nadam(0.1, 0.9, 0.999, 1e-8, decay, 0.004),
            decay -> new RAdam(0.1, 0.9, 0.999, 1e-8, decay),
            decay -> new Lion(0.1, 0.9, 0.99, decay));
    for (final DoubleFunction<Optimizer> decay : decays) {
      assertMessage("weight decay" + suffix, () -> decay.apply(value));
    }
    assertMessage("epsilon" + suffix, () -> new Adam(0.1, 0.9, 0.999, value, 0));
  }

  @Test
  void shouldCountStepsAndFollowTheRate() {
    final StepScalars scalars = new StepScalars(new Sgd(0.5));
    assertEquals(0, scalars.step());
    scalars.advance();
    assertEquals(1, scalars.step());
    assertEquals(0.5f, scalars.values()[0]);
    scalars.learningRate(0.125);
    assertEquals(0.5f, scalars.values()[0], "as of the next step");
    scalars.advance();
    assertEquals(0.125f, scalars.values()[0]);
    assertMessage(
        "learning rate out of range: expected=a finite float32 of 0 or more, actual=NaN",
        () -> scalars.learningRate(Double.NaN));
    assertEquals(0.125, scalars.learningRate());
  }

  @Test
  void shouldLayEachSlotAtACacheLine() {
    assertEquals(Shape.of(2, 16), Update.stateShape(new Adam(0.1), Shape.of(1)));
    assertEquals(Shape.of(2, 32), Update.stateShape(new Adam(0.1), Shape.of(17)));
    assertEquals(Shape.of(1, 16), Update.stateShape(new Momentum(0.1), Shape.of(4, 4)));
  }

  @Test
  void shouldRefuseInputsThatDoNotFit() {
    final TensorType parameter = TensorType.float32(Shape.of(3, 5));
    final TensorType other = TensorType.float32(Shape.of(5, 3));
    final TensorType state = TensorType.float32(Shape.of(2, 16));
    final Optimizer adam = new Adam(0.1);
    final Update update = new Update(adam, new StepScalars(adam));
    assertEquals(List.of(), update.outputs(List.of(parameter, parameter, state)));
    assertMessage(
        "number of inputs of adam mismatch: expected=3, actual=2",
        () -> update.outputs(List.of(parameter, parameter)));
    assertMessage(
        "gradient of adam mismatch: expected=f32[3,5], actual=f32[5,3]",
        () -> update.outputs(List.of(parameter, other, state)));
    assertMessage(
        "state of adam mismatch: expected=f32[2,16], actual=f32[5,3]",
        () -> update.outputs(List.of(parameter, parameter, other)));
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }

  @Test
  void shouldNeverKeepSubnormalNumbers() {
    for (final Optimizer optimizer : FORGETFUL) {
      for (final KernelMode mode : KernelMode.values()) {
        checkForgetting(optimizer, mode);
      }
    }
  }

  private static void checkForgetting(final Optimizer optimizer, final KernelMode mode) {
    final int count = 37;
    final int slotBytes = 192;
    try (Arena arena = Arena.ofConfined()) {
      final MemorySegment parameter = arena.allocate(slotBytes, 64);
      final MemorySegment gradient = arena.allocate(slotBytes, 64);
      final MemorySegment state = arena.allocate((long) optimizer.slots() * slotBytes, 64);
      final Optimizer.UpdateKernel kernel = optimizer.kernel(mode);
      final float[] scalars = new float[optimizer.scalars()];
      for (int i = 0; i < count; i++) {
        gradient.setAtIndex(ValueLayout.JAVA_FLOAT, i, i - 18);
      }
      for (int step = 1; step <= 400; step++) {
        optimizer.scalars(step, 0.1, scalars);
        kernel.run(
            parameter.address(), gradient.address(), state.address(), slotBytes, count, scalars);
        gradient.fill((byte) 0);
        for (long i = 0; i < state.byteSize() / Float.BYTES; i++) {
          final float kept = Math.abs(state.getAtIndex(ValueLayout.JAVA_FLOAT, i));
          final String what = optimizer + " " + mode + " step " + step + " element " + i;
          assertTrue(kept == 0 || kept >= Float.MIN_NORMAL, () -> what + ": " + kept);
        }
      }
    }
  }
}
