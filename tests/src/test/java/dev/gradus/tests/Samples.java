package dev.gradus.tests;

import dev.gradus.gemm.Epilogue;
import dev.gradus.graph.Op;
import dev.gradus.graph.op.FusedMatMul;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.Mean;
import dev.gradus.graph.op.MeanGradient;
import dev.gradus.graph.op.RowLoss;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.RowLossFunction;
import dev.gradus.memory.DType;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Momentum;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Optimizers;
import dev.gradus.optim.Sgd;
import dev.gradus.optim.StepScalars;
import dev.gradus.optim.Update;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Types to apply ops to. The sizes are awkward for vectors of 8 and of 16 lanes: 1, lanes - 1,
 * lanes, lanes + 1, primes; in each list one is large enough to be cut into several chunks.
 */
final class Samples {
  private static final TensorType SCALAR = fixed(1);

  private Samples() {}

  static TensorType fixed(final int... dims) {
    return TensorType.float32(Shape.of(dims));
  }

  static TensorType batched(final int... rowDims) {
    return TensorType.float32(Shape.batched(rowDims));
  }

  static TensorType labels(final int... rowDims) {
    return TensorType.int32(Shape.batched(rowDims));
  }

  /** A type with the most rows to run it with. */
  private record Sized(int capacity, TensorType type) {}

  private static List<Sized> matrices() {
    return List.of(
        new Sized(1, batched(1)),
        new Sized(5, batched(1)),
        new Sized(1, batched(7)),
        new Sized(3, batched(8)),
        new Sized(5, batched(9)),
        new Sized(2, batched(15)),
        new Sized(1, batched(16)),
        new Sized(7, batched(17)),
        new Sized(13, batched(67)),
        new Sized(31, batched(10)),
        new Sized(4, batched(3, 5)),
        new Sized(2, batched(2, 3, 11)),
        new Sized(1, fixed(6, 31)),
        new Sized(7, batched(5003)),
        new Sized(4001, batched(9)));
  }

  /** Ops of {@code operands} tensors of the same shape. */
  static List<Sample> elementwise(final Op op, final int operands, final Draw draw) {
    return elementwise(op, Collections.nCopies(operands, draw));
  }

  /** Ops of tensors of the same shape, each drawn in its own way. */
  static List<Sample> elementwise(final Op op, final List<Draw> draws) {
    final List<Sample> samples = new ArrayList<>(sameShape(op, draws));
    samples.add(new Sample(op, 1, Collections.nCopies(draws.size(), fixed(33)), draws));
    return samples;
  }

  /** As {@link #elementwise}, for ops that want two or more dimensions. */
  static List<Sample> sameShape(final Op op, final List<Draw> draws) {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : matrices()) {
      samples.add(
          new Sample(op, sized.capacity, Collections.nCopies(draws.size(), sized.type), draws));
    }
    return samples;
  }

  /** Ops of a tensor and a vector of its last dimension. */
  static List<Sample> withVector(final Op op, final boolean vectorFirst) {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : matrices()) {
      final TensorType vector = fixed(sized.type.shape().last());
      final List<TensorType> types =
          vectorFirst ? List.of(vector, sized.type) : List.of(sized.type, vector);
      samples.add(new Sample(op, sized.capacity, types, List.of(Draw.normal(), Draw.normal())));
    }
    return samples;
  }

  /** Gradients of a loss: prediction and target of the same shape, and the rows' gradient. */
  static List<Sample> lossGradient(final Op op, final Draw prediction, final Draw target) {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : matrices()) {
      samples.add(
          new Sample(
              op,
              sized.capacity,
              List.of(sized.type, sized.type, rows(sized.type)),
              List.of(prediction, target, Draw.normal())));
    }
    return samples;
  }

  /** One float for each vector of a type's last dimension. */
  static TensorType rows(final TensorType type) {
    return TensorType.float32(type.shape().withoutLast());
  }

  /** Means, with a weight for each row as a last input where {@code weighted}. */
  static List<Sample> means(final Mean op, final boolean weighted) {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : matrices()) {
      for (final TensorType type : List.of(sized.type, rows(sized.type))) {
        final List<TensorType> types = new ArrayList<>(List.of(type));
        final List<Draw> draws = new ArrayList<>(List.of(Draw.normal()));
        if (op.counted()) {
          types.add(type);
          draws.add(Draw.each(x -> x < -0.5 ? 0 : Math.abs(x)));
        }
        if (weighted) {
          types.add(weights(type));
          draws.add(Draw.normal());
        }
        samples.add(new Sample(op, sized.capacity, types, draws));
      }
    }
    return samples;
  }

  /** Gradients of means: the loss's own gradient, then the inputs of the mean. */
  static List<Sample> meanGradients(final boolean counted, final boolean weighted) {
    final List<Sample> samples = new ArrayList<>();
    for (final Sample mean : means(new Mean(counted), weighted)) {
      final List<TensorType> types = new ArrayList<>(mean.types());
      types.add(0, SCALAR);
      final List<Draw> draws = new ArrayList<>(mean.draws());
      draws.add(0, Draw.normal());
      samples.add(new Sample(new MeanGradient(counted), mean.capacity(), types, draws));
    }
    return samples;
  }

  /** Losses of rows that fall into equal parts; with the rows' gradient where {@code gradient}. */
  static List<Sample> rowLosses(
      final Op op,
      final RowLossFunction function,
      final Draw predictions,
      final IntFunction<Draw> targets,
      final boolean gradient) {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : matrices()) {
      final Shape shape = sized.type.shape();
      final TensorType type = TensorType.float32(shape.withLast(shape.last() * function.parts()));
      final List<TensorType> types =
          new ArrayList<>(List.of(type, RowLoss.targetType(function, type)));
      final List<Draw> draws =
          new ArrayList<>(List.of(predictions, targets.apply(type.shape().last())));
      if (gradient) {
        types.add(rows(type));
        draws.add(Draw.normal());
      }
      samples.add(new Sample(op, sized.capacity, types, draws));
    }
    return samples;
  }

  private static TensorType weights(final TensorType type) {
    return type.shape().isBatched() ? batched() : fixed(type.shape().dim(0));
  }

  /** Losses over classes; with the rows' gradient as a third input where {@code gradient}. */
  static List<Sample> classes(final Op op, final Draw scores, final boolean gradient) {
    final List<Sample> samples = new ArrayList<>();
    for (final Sized sized : matrices()) {
      final TensorType labels = TensorType.int32(sized.type.shape().withoutLast());
      final Draw draw = Draw.labels(sized.type.shape().last());
      samples.add(
          gradient
              ? new Sample(
                  op,
                  sized.capacity,
                  List.of(sized.type, labels, rows(sized.type)),
                  List.of(scores, draw, Draw.normal()))
              : new Sample(op, sized.capacity, List.of(sized.type, labels), List.of(scores, draw)));
    }
    return samples;
  }

  private static final int[][] PRODUCTS = {
    {1, 1, 1},
    {1, 7, 8},
    {2, 8, 7},
    {3, 9, 16},
    {4, 16, 17},
    {5, 17, 9},
    {7, 31, 33},
    {8, 5, 15},
    {13, 64, 10},
    {14, 67, 5},
    {16, 16, 16},
    {17, 3, 67},
    {1, 129, 70},
    {64, 300, 130},
    {130, 65, 47}
  };

  /** Products of all sizes, also of operands of more than two dimensions and of fixed ones. */
  static List<Sample> products(final MatMul op) {
    final List<Sample> samples = new ArrayList<>();
    for (final int[] size : PRODUCTS) {
      samples.add(product(op, size[0], size[1], size[2], List.of(), null));
    }
    samples.add(product(op, 3, 9, 5, List.of(2), null));
    samples.add(product(op, 2, 17, 8, List.of(3, 2), null));
    final TensorType a = op.transposeA() ? fixed(19, 6) : fixed(6, 19);
    final TensorType b = op.transposeB() ? fixed(11, 19) : fixed(19, 11);
    samples.add(new Sample(op, 1, List.of(a, b), List.of(Draw.normal(), Draw.normal())));
    return samples;
  }

  /** Products with every epilogue. */
  static List<Sample> fusedProducts() {
    final List<Epilogue> epilogues = new ArrayList<>(List.of(Epilogue.forward(true, null)));
    for (final String name : Activations.names()) {
      final Activation activation = Activations.byName(name);
      epilogues.add(Epilogue.forward(false, activation));
      epilogues.add(Epilogue.forward(true, activation));
      epilogues.add(Epilogue.gradient(activation));
    }
    final List<Sample> samples = new ArrayList<>();
    for (final MatMul op : List.of(MatMul.PLAIN, MatMul.TRANSPOSE_A, MatMul.TRANSPOSE_B)) {
      for (final Epilogue epilogue : epilogues) {
        samples.add(product(op, 1, 7, 1, List.of(), epilogue));
        samples.add(product(op, 5, 17, 9, List.of(), epilogue));
        samples.add(product(op, 33, 20, 40, List.of(), epilogue));
        samples.add(product(op, 3, 8, 16, List.of(2), epilogue));
      }
    }
    return samples;
  }

  /**
   * A product of m by k by n: the batch is m, or k where a is transposed. {@code inner} are
   * dimensions between the batch and the last.
   */
  private static Sample product(
      final MatMul op,
      final int m,
      final int k,
      final int n,
      final List<Integer> inner,
      final Epilogue epilogue) {
    final TensorType a = batched(op.transposeA() ? m : k, inner);
    final TensorType b =
        op.transposeA() ? batched(n, inner) : op.transposeB() ? fixed(n, k) : fixed(k, n);
    final List<TensorType> types = new ArrayList<>(List.of(a, b));
    final List<Draw> draws = new ArrayList<>(List.of(Draw.normal(), Draw.normal()));
    if (epilogue != null && epilogue.kind() == Epilogue.Kind.GRADIENT) {
      types.add(op.outputs(types).get(0));
      draws.add(ActivationReference.kept(epilogue.activation()));
    } else if (epilogue != null && epilogue.bias()) {
      types.add(fixed(n));
      draws.add(Draw.normal());
    }
    final Op applied = epilogue == null ? op : new FusedMatMul(op, epilogue);
    return new Sample(applied, op.transposeA() ? k : m, types, draws);
  }

  private static TensorType batched(final int last, final List<Integer> inner) {
    final int[] dims = new int[inner.size() + 1];
    for (int i = 0; i < inner.size(); i++) {
      dims[i] = inner.get(i);
    }
    dims[inner.size()] = last;
    return batched(dims);
  }

  /**
   * Every optimizer of the table, and each with all its settings in use, some steps into training.
   */
  static List<Sample> updates() {
    final List<Optimizer> optimizers = new ArrayList<>();
    for (final String name : Optimizers.names()) {
      optimizers.add(Optimizers.byName(name, 0.05));
    }
    optimizers.add(new Sgd(0.05, 0.01));
    optimizers.add(new Momentum(0.05, 0.8, false, 0.01));
    optimizers.add(new Momentum(0.05, 0.8, true, 0.01));
    optimizers.add(new Adam(0.01, 0.8, 0.99, 1e-3, 0.01));
    optimizers.addAll(OptimizerReferences.withAllSettings());
    final List<Shape> shapes =
        List.of(
            Shape.of(1),
            Shape.of(7),
            Shape.of(16),
            Shape.of(17),
            Shape.of(13, 67),
            Shape.of(70, 257));
    final List<Sample> samples = new ArrayList<>();
    for (final Optimizer optimizer : optimizers) {
      for (int steps = 1; steps <= 3; steps += 2) {
        for (final Shape shape : shapes) {
          samples.add(update(optimizer, steps, shape));
        }
      }
    }
    return samples;
  }

  private static Sample update(final Optimizer optimizer, final int steps, final Shape shape) {
    final StepScalars scalars = new StepScalars(optimizer);
    for (int i = 0; i < steps; i++) {
      scalars.advance();
    }
    final TensorType type = new TensorType(DType.FLOAT32, shape);
    final List<TensorType> types = new ArrayList<>(List.of(type, type));
    final List<Draw> draws = new ArrayList<>(List.of(Draw.normal(), Draw.normal()));
    if (optimizer.slots() > 0) {
      types.add(TensorType.float32(Update.stateShape(optimizer, shape)));
      draws.add(OptimizerReferences.state(optimizer));
    }
    return new Sample(new Update(optimizer, scalars), 1, types, draws);
  }
}
