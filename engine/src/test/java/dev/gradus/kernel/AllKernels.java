package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/** Every kernel in one mode, on common memory. */
final class AllKernels {
  /** Floats that each of the areas needs. */
  static final int CAPACITY = 1031;

  private static final int CLASSES = 10;
  private static final int PLANE_HEIGHT = 7;
  private static final int PLANE_WIDTH = 79;
  private static final int[] POOLED_WIDTHS = {11, 26, PLANE_WIDTH};

  private static final List<Activation> MORE_ACTIVATIONS =
      List.of(
          Relu6.INSTANCE,
          HardSigmoid.INSTANCE,
          new LeakyRelu(),
          new Elu(),
          Softsign.INSTANCE,
          Softplus.INSTANCE,
          Silu.INSTANCE,
          Mish.INSTANCE,
          Gelu.INSTANCE,
          GeluTanh.INSTANCE);

  /** Fractions, as many as any update takes; its slots may be one and the same here. */
  private static final float[] UPDATE_SCALARS = {
    0.1f, 0.9f, 0.1f, 0.01f, 0.99f, 0.05f, 0.02f, 0.9f, 0.1f
  };

  private final UnaryKernel relu;
  private final UnaryKernel sigmoid;
  private final UnaryKernel tanh;
  private final BinaryKernel reluGradient;
  private final BinaryKernel sigmoidGradient;
  private final BinaryKernel tanhGradient;
  private final BinaryKernel add;
  private final BinaryKernel subtract;
  private final BinaryKernel multiply;
  private final AddBias addBias;
  private final ColumnSum columnSum;
  private final Sum sum;
  private final Softmax softmax;
  private final SoftmaxGradient softmaxGradient;
  private final SoftmaxCrossEntropy crossEntropy;
  private final SoftmaxCrossEntropyGradient crossEntropyGradient;
  private final ElementwiseLoss squaredError;
  private final ElementwiseLossGradient squaredErrorGradient;
  private final BinaryKernel[] lossTerms;
  private final BinaryKernel[] lossSlopes;
  private final SgdUpdate sgd;
  private final MomentumUpdate momentum;
  private final AdamUpdate adam;
  private final AmsGradUpdate amsGrad;
  private final AdamaxUpdate adamax;
  private final RmsPropUpdate rmsProp;
  private final CentredRmsPropUpdate centredRmsProp;
  private final AdadeltaUpdate adadelta;
  private final LionUpdate lion;
  private final Fill fill;
  private final NonFinite nonFinite;
  private final LogSoftmax logSoftmax;
  private final LogSoftmaxGradient logSoftmaxGradient;
  private final DropoutMask dropoutMask;
  private final Moments moments;
  private final Standardize standardize;
  private final StandardizeColumns standardizeColumns;
  private final AveragePool averagePairs;
  private final AveragePool averageOverlaps;
  private final MaxPool[] maxPools;
  private final MaxPoolGradient[] maxPoolGradients;
  private final UnaryKernel[] forward;
  private final BinaryKernel[] gradient;

  AllKernels(final KernelMode mode) {
    this.relu = Relu.INSTANCE.forward(mode);
    this.sigmoid = Sigmoid.INSTANCE.forward(mode);
    this.tanh = Tanh.INSTANCE.forward(mode);
    this.reluGradient = Relu.INSTANCE.gradient(mode);
    this.sigmoidGradient = Sigmoid.INSTANCE.gradient(mode);
    this.tanhGradient = Tanh.INSTANCE.gradient(mode);
    this.add = Add.of(mode);
    this.subtract = Subtract.of(mode);
    this.multiply = Multiply.of(mode);
    this.addBias = AddBias.of(mode);
    this.columnSum = ColumnSum.of(mode);
    this.sum = Sum.of(mode);
    this.softmax = Softmax.of(mode);
    this.softmaxGradient = SoftmaxGradient.of(mode);
    this.crossEntropy = SoftmaxCrossEntropy.of(mode);
    this.crossEntropyGradient = SoftmaxCrossEntropyGradient.of(mode);
    this.squaredError = ElementwiseLoss.of(new SquaredError(), mode);
    this.squaredErrorGradient = ElementwiseLossGradient.of(new SquaredError(), mode);
    this.lossTerms =
        LossFunctionTest.functions().stream()
            .map(function -> function.terms(mode))
            .toArray(BinaryKernel[]::new);
    this.lossSlopes =
        LossFunctionTest.functions().stream()
            .map(function -> function.slopes(mode))
            .toArray(BinaryKernel[]::new);
    this.sgd = SgdUpdate.of(mode);
    this.momentum = MomentumUpdate.of(mode);
    this.adam = AdamUpdate.of(mode);
    this.amsGrad = AmsGradUpdate.of(mode);
    this.adamax = AdamaxUpdate.of(mode);
    this.rmsProp = RmsPropUpdate.of(mode);
    this.centredRmsProp = CentredRmsPropUpdate.of(mode);
    this.adadelta = AdadeltaUpdate.of(mode);
    this.lion = LionUpdate.of(mode);
    this.fill = Fill.of(mode);
    this.nonFinite = NonFinite.of(mode);
    this.logSoftmax = LogSoftmax.of(mode);
    this.logSoftmaxGradient = LogSoftmaxGradient.of(mode);
    this.dropoutMask = DropoutMask.of(mode, 0.4);
    this.moments = Moments.of(mode);
    this.standardize = Standardize.of(mode);
    this.standardizeColumns = StandardizeColumns.of(mode);
    this.averagePairs =
        AveragePool.of(mode, Window.square(2, 2, 0, 1), false, PLANE_HEIGHT, PLANE_WIDTH);
    this.averageOverlaps =
        AveragePool.of(mode, Window.square(3, 2, 1, 1), false, PLANE_HEIGHT, PLANE_WIDTH);
    this.maxPools = new MaxPool[POOLED_WIDTHS.length];
    this.maxPoolGradients = new MaxPoolGradient[POOLED_WIDTHS.length];
    for (int i = 0; i < maxPools.length; i++) {
      final Window window = Window.square(2, 2, 0, 1);
      maxPools[i] = MaxPool.of(mode, window, PLANE_HEIGHT, POOLED_WIDTHS[i]);
      maxPoolGradients[i] = MaxPoolGradient.of(mode, window, PLANE_HEIGHT, POOLED_WIDTHS[i]);
    }
    this.forward = new UnaryKernel[MORE_ACTIVATIONS.size()];
    this.gradient = new BinaryKernel[MORE_ACTIVATIONS.size()];
    for (int i = 0; i < forward.length; i++) {
      forward[i] = MORE_ACTIVATIONS.get(i).forward(mode);
      gradient[i] = MORE_ACTIVATIONS.get(i).gradient(mode);
    }
  }

  private static final int OTHERS = 42;

  static final int KERNELS = OTHERS + 2 * MORE_ACTIVATIONS.size();

  /**
   * Runs one kernel.
   *
   * @param kernel from 0 to {@link #KERNELS} - 1.
   * @param a input.
   * @param b input.
   * @param labels int32 below the number of classes.
   * @param c output.
   * @param d output.
   */
  void run(
      final int kernel,
      final long a,
      final long b,
      final long labels,
      final long c,
      final long d,
      final long count) {
    final long rows = count / CLASSES;
    switch (kernel) {
      case 0 -> relu.run(a, c, count);
      case 1 -> sigmoid.run(a, c, count);
      case 2 -> tanh.run(a, c, count);
      case 3 -> reluGradient.run(a, b, c, count);
      case 4 -> sigmoidGradient.run(a, b, c, count);
      case 5 -> tanhGradient.run(a, b, c, count);
      case 6 -> add.run(a, b, c, count);
      case 7 -> subtract.run(a, b, c, count);
      case 8 -> multiply.run(a, b, c, count);
      case 9 -> addBias.run(a, b, c, rows, CLASSES);
      case 10 -> columnSum.run(a, 3, count / 3, 0, count / 3, c);
      case 11 -> OffHeap.setFloat(c, sum.run(a, count));
      case 12 -> softmax.run(a, c, rows, CLASSES);
      case 13 -> softmax.run(a, c, 1, count);
      case 14 -> softmaxGradient.run(a, b, c, rows, CLASSES);
      case 15 -> crossEntropy.run(a, labels, c, d, rows, CLASSES);
      case 16 -> crossEntropyGradient.run(a, labels, b, c, rows, CLASSES);
      case 17 -> elementwiseLosses(a, b, c, d, count);
      case 18 -> elementwiseGradients(a, b, c, d, count);
      case 19 -> sgd.run(c, b, count, 0.1f, 0.01f);
      case 20 -> momentum.run(c, b, d, count, 0.1f, 0.9f, true, 0.01f);
      case 21 -> {
        fill.run(d, 1f, count);
        adam.run(c, b, d, 0, count, UPDATE_SCALARS);
      }
      case 22 -> fill.run(c, 3f, count);
      case 23 -> OffHeap.setInt(c, (int) nonFinite.firstIndex(a, count));
      case 24 -> logSoftmax.run(a, c, rows, CLASSES);
      case 25 -> logSoftmaxGradient.run(a, b, c, rows, CLASSES);
      case 26 -> {
        fill.run(d, 1f, count);
        amsGrad.run(c, b, d, 0, count, UPDATE_SCALARS);
      }
      case 27 -> {
        fill.run(d, 1f, count);
        adamax.run(c, b, d, 0, count, UPDATE_SCALARS);
      }
      case 28 -> {
        fill.run(d, 1f, count);
        rmsProp.run(c, b, d, 0, count, UPDATE_SCALARS);
      }
      case 29 -> {
        fill.run(d, 1f, count);
        centredRmsProp.run(c, b, d, 0, count, UPDATE_SCALARS);
      }
      case 30 -> {
        fill.run(d, 1f, count);
        adadelta.run(c, b, d, 0, count, UPDATE_SCALARS);
      }
      case 31 -> {
        fill.run(d, 1f, count);
        lion.run(c, b, d, 0, count, UPDATE_SCALARS);
      }
      case 32 -> dropoutMask.run(3, 5, c, 0, count);
      case 33 -> {
        OffHeap.setFloat(c, (float) moments.sum(a, count));
        OffHeap.setFloat(c + Float.BYTES, (float) moments.squares(a, count, 0.5f));
        OffHeap.setFloat(d, (float) moments.dot(a, 0.5f, b, count));
        OffHeap.setFloat(d + Float.BYTES, (float) moments.dot(a, 0.5f, a, b, count));
      }
      case 34 -> {
        standardize.run(a, 0.5f, 3f, b, a, c, count);
        standardize.gradient(b, 3f, a, c, 0.5f, 0.25f, 0.125f, d, count);
      }
      case 35 -> {
        standardize.run(a, 0.5f, 3f, 0.25f, c, count);
        standardize.gradient(b, 3f, a, 0.5f, 0.25f, 0.125f, d, count);
      }
      case 36 -> {
        final long columns = count / 3;
        standardizeColumns.moments(a, 3, columns, 0, columns, c, d);
        standardizeColumns.run(b, 3, columns, 0, columns, c, d, a, d);
      }
      case 37 -> {
        final long columns = count / 3;
        standardizeColumns.sums(a, b, 3, columns, 0, columns, b, c, d);
        standardizeColumns.gradient(a, b, 3, columns, 0, columns, c, d, b, a, c);
        standardizeColumns.sumsByRow(c, b, 3, columns, 0, columns, a, b, Float.BYTES, d, c);
      }
      case 38 -> {
        averagePairs.run(a, c);
        averageOverlaps.run(a, d);
      }
      case 39 -> {
        fill.run(c, 0f, CAPACITY);
        averagePairs.gradient(a, c);
        fill.run(d, 0f, CAPACITY);
        averageOverlaps.gradient(a, d);
      }
      case 40 -> {
        for (int i = 0; i < maxPools.length; i++) {
          maxPools[i].run(a, c, d);
        }
      }
      case 41 -> {
        for (int i = 0; i < maxPools.length; i++) {
          maxPools[i].run(a, b, d);
          maxPoolGradients[i].run(d, b, c);
        }
      }
      default -> {
        final int activation = (kernel - OTHERS) / 2;
        if (kernel % 2 == 0) {
          forward[activation].run(a, c, count);
        } else {
          gradient[activation].run(a, b, c, count);
        }
      }
    }
  }

  private void elementwiseLosses(
      final long a, final long b, final long c, final long d, final long count) {
    squaredError.run(a, b, c, d, count / CLASSES, CLASSES);
    for (int i = 0; i < lossTerms.length; i++) {
      lossTerms[i].run(a, b, c, count);
      add.run(c, d, d, count);
    }
  }

  private void elementwiseGradients(
      final long a, final long b, final long c, final long d, final long count) {
    squaredErrorGradient.run(a, b, a, c, count / CLASSES, CLASSES);
    fill.run(d, 0f, count);
    for (int i = 0; i < lossSlopes.length; i++) {
      lossSlopes[i].run(a, b, c, count);
      add.run(c, d, d, count);
    }
  }

  /**
   * Runs many kernels from one method: C2 inlines one after the other into it, until it has had
   * enough.
   */
  void runTogether(
      final long a, final long b, final long labels, final long c, final long d, final long count) {
    final long rows = count / CLASSES;
    relu.run(a, c, count);
    sigmoidGradient.run(a, b, c, count);
    add.run(a, b, c, count);
    addBias.run(a, b, c, rows, CLASSES);
    columnSum.run(a, 3, count / 3, 0, count / 3, c);
    OffHeap.setFloat(c, sum.run(a, count));
    crossEntropy.run(a, labels, c, d, rows, CLASSES);
    softmaxGradient.run(a, b, c, rows, CLASSES);
    crossEntropyGradient.run(a, labels, b, c, rows, CLASSES);
    tanh.run(a, c, count);
    sigmoid.run(a, c, count);
    squaredErrorGradient.run(a, b, a, c, rows, CLASSES);
    squaredError.run(a, b, c, d, rows, CLASSES);
    sgd.run(c, b, count, 0.1f, 0.01f);
    momentum.run(c, b, d, count, 0.1f, 0.9f, true, 0.01f);
    adam.run(c, b, d, 0, count, UPDATE_SCALARS);
  }

  /** A hash of what all kernels compute from the same input, for several counts. */
  static int hash(final KernelMode mode) {
    final AllKernels kernels = new AllKernels(mode);
    int hash = 0;
    for (final int count : new int[] {13, 17, 97, CAPACITY}) {
      for (int kernel = 0; kernel < KERNELS; kernel++) {
        hash = 31 * hash + kernels.hash(kernel, count);
      }
    }
    return hash;
  }

  /** Calls one kernel often. */
  static void call(final KernelMode mode, final int kernel, final int calls) {
    final AllKernels kernels = new AllKernels(mode);
    try (Arena arena = Arena.ofConfined()) {
      final long a = buffer(arena, 1).address();
      final long b = buffer(arena, 2).address();
      final float[] classes = Kernels.labels(5, CAPACITY, CLASSES);
      final long labels = new GuardedBuffer(arena, classes, 4).address();
      final long c = buffer(arena, 3).address();
      final long d = buffer(arena, 4).address();
      for (int call = 0; call < calls; call++) {
        kernels.run(kernel, a, b, labels, c, d, (call & 1) == 0 ? 97 : 41);
      }
    }
  }

  private int hash(final int kernel, final int count) {
    try (Arena arena = Arena.ofConfined()) {
      final GuardedBuffer a = buffer(arena, 1);
      final GuardedBuffer b = buffer(arena, 2);
      final GuardedBuffer c = buffer(arena, 3);
      final GuardedBuffer d = buffer(arena, 4);
      final float[] classes = Kernels.labels(5, CAPACITY, CLASSES);
      final GuardedBuffer labels = new GuardedBuffer(arena, classes, 4);
      run(kernel, a.address(), b.address(), labels.address(), c.address(), d.address(), count);
      return 31 * Arrays.hashCode(c.values("kernel " + kernel))
          + Arrays.hashCode(d.values("kernel " + kernel));
    }
  }

  private static GuardedBuffer buffer(final Arena arena, final long seed) {
    return new GuardedBuffer(arena, Kernels.normal(seed, CAPACITY, 2), 4);
  }
}
