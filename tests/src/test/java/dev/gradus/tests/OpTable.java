package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.gemm.Epilogue;
import dev.gradus.graph.Op;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.ActivateGradient;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.BroadcastRows;
import dev.gradus.graph.op.ColumnSum;
import dev.gradus.graph.op.FusedMatMul;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.Multiply;
import dev.gradus.graph.op.Softmax;
import dev.gradus.graph.op.SoftmaxCrossEntropy;
import dev.gradus.graph.op.SoftmaxCrossEntropyGradient;
import dev.gradus.graph.op.SoftmaxGradient;
import dev.gradus.kernel.Activation;
import dev.gradus.nn.Activations;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Sgd;
import dev.gradus.optim.StepScalars;
import dev.gradus.optim.Update;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of ops: one row each, which drives the tests of shapes, gradients and kernels. {@link
 * OpTableTest} fails where an op has no row.
 */
final class OpTable {
  private static final Map<Class<? extends Op>, OpRow> ROWS = new LinkedHashMap<>();

  static {
    add(matMul());
    add(fusedMatMul());
    add(addBias());
    add(activate());
    add(activateGradient());
    add(add());
    add(multiply());
    add(columnSum());
    add(broadcastRows());
    add(softmax());
    add(softmaxGradient());
    add(softmaxCrossEntropy());
    add(softmaxCrossEntropyGradient());
    LossRows.rows().forEach(OpTable::add);
    add(update());
    LogSoftmaxRows.rows().forEach(OpTable::add);
    RecurrentRows.rows().forEach(OpTable::add);
    EmbeddingRows.rows().forEach(OpTable::add);
    AttentionRows.rows().forEach(OpTable::add);
    StructuralRows.rows().forEach(OpTable::add);
    DescentRows.rows().forEach(OpTable::add);
    ImageRows.rows().forEach(OpTable::add);
    PoolRows.rows().forEach(OpTable::add);
    add(PooledConvRows.row());
    NormRows.rows().forEach(OpTable::add);
  }

  private OpTable() {}

  private static void add(final OpRow row) {
    ROWS.put(row.kind(), row);
  }

  static List<OpRow> rows() {
    return List.copyOf(ROWS.values());
  }

  /** The row of an op. */
  static OpRow row(final Op op) {
    final OpRow row = ROWS.get(op.getClass());
    if (row == null) {
      throw new AssertionError(op + " has no row in the table of ops");
    }
    return row;
  }

  static boolean hasRow(final Class<?> kind) {
    return ROWS.containsKey(kind);
  }

  private static OpRow matMul() {
    return new OpRow(MatMul.class, DenseReferences::matMul)
        .samples(Samples.products(MatMul.PLAIN))
        .samples(Samples.products(MatMul.TRANSPOSE_A))
        .samples(Samples.products(MatMul.TRANSPOSE_B))
        .differentiable(0, 1)
        .refuses(
            "number of inputs of matmul mismatch: expected=2, actual=1", MatMul.PLAIN, batched(3))
        .refuses(
            "rank of first input of matmul mismatch: expected=2 or more, actual=[4]",
            MatMul.PLAIN,
            fixed(4),
            fixed(4, 2))
        .refuses(
            "rank of second input of matmul mismatch: expected=2 or more, actual=[3]",
            MatMul.PLAIN,
            batched(3),
            fixed(3))
        .refuses(
            "element type of first input of matmul mismatch: expected=FLOAT32, actual=INT32",
            MatMul.PLAIN,
            labels(3),
            fixed(3, 2))
        .refuses(
            "shape of second input of matmul mismatch: expected=[3,n], actual=[4,2]",
            MatMul.PLAIN,
            batched(3),
            fixed(4, 2))
        .refuses(
            "shape of second input of matmul mismatch: expected=[3,n], actual=[N,2]",
            MatMul.PLAIN,
            batched(3),
            batched(2))
        .refuses(
            "shape of second input of matmul mismatch: expected=[3,n], actual=[3,2,2]",
            MatMul.PLAIN,
            batched(3),
            fixed(3, 2, 2))
        .refuses(
            "shape of second input of matmul_tb mismatch: expected=[n,3], actual=[3,2]",
            MatMul.TRANSPOSE_B,
            batched(3),
            fixed(3, 2))
        .refuses(
            "leading dimensions of second input of matmul_ta mismatch:"
                + " expected=f32[N,1], actual=f32[4,1]",
            MatMul.TRANSPOSE_A,
            batched(3),
            fixed(4, 2));
  }

  private static OpRow fusedMatMul() {
    final Activation relu = Activations.RELU;
    final FusedMatMul bias = new FusedMatMul(MatMul.PLAIN, Epilogue.forward(true, relu));
    final FusedMatMul gradient = new FusedMatMul(MatMul.TRANSPOSE_B, Epilogue.gradient(relu));
    return new OpRow(FusedMatMul.class, DenseReferences::fusedMatMul)
        .samples(Samples.fusedProducts())
        .refuses(
            "number of inputs of matmul+bias+relu mismatch: expected=3, actual=2",
            bias,
            batched(3),
            fixed(3, 2))
        .refuses(
            "bias of matmul+bias+relu mismatch: expected=f32[2], actual=f32[3]",
            bias,
            batched(3),
            fixed(3, 2),
            fixed(3))
        .refuses(
            "shape of second input of matmul mismatch: expected=[3,n], actual=[4,2]",
            bias,
            batched(3),
            fixed(4, 2),
            fixed(2))
        .refuses(
            "activation of matmul_tb*relu' mismatch: expected=f32[N,2], actual=f32[N,3]",
            gradient,
            batched(3),
            fixed(2, 3),
            batched(3));
  }

  private static OpRow addBias() {
    return new OpRow(AddBias.class, DenseReferences::addBias)
        .samples(Samples.withVector(new AddBias(), false))
        .differentiable(0, 1)
        .refuses(
            "number of inputs of add_bias mismatch: expected=2, actual=1",
            new AddBias(),
            batched(3))
        .refuses(
            "rank of input of add_bias mismatch: expected=2 or more, actual=[3]",
            new AddBias(),
            fixed(3),
            fixed(3))
        .refuses(
            "bias of add_bias mismatch: expected=f32[3], actual=f32[4]",
            new AddBias(),
            batched(3),
            fixed(4))
        .refuses(
            "element type of input of add_bias mismatch: expected=FLOAT32, actual=INT32",
            new AddBias(),
            labels(3),
            fixed(3));
  }

  private static OpRow activate() {
    final OpRow row =
        new OpRow(Activate.class, DenseReferences::activation)
            .differentiable(0)
            .refuses(
                "number of inputs of relu mismatch: expected=1, actual=2",
                new Activate(Activations.RELU),
                batched(3),
                batched(3))
            .refuses(
                "element type of input of relu mismatch: expected=FLOAT32, actual=INT32",
                new Activate(Activations.RELU),
                labels(3));
    for (final String name : Activations.names()) {
      final Activate op = new Activate(Activations.byName(name));
      row.samples(Samples.elementwise(op, 1, Draw.awayFromZero()));
      row.samples(Samples.elementwise(op, 1, Draw.scaled(10)).subList(0, 3));
    }
    return row;
  }

  private static OpRow activateGradient() {
    final OpRow row =
        new OpRow(ActivateGradient.class, DenseReferences::activationGradient)
            .differentiable(1)
            .refuses(
                "second input of relu_gradient mismatch: expected=f32[N,3], actual=f32[N,4]",
                new ActivateGradient(Activations.RELU),
                batched(3),
                batched(4));
    for (final String name : Activations.names()) {
      final Activation activation = Activations.byName(name);
      row.samples(
          Samples.elementwise(
              new ActivateGradient(activation),
              List.of(ActivationReference.kept(activation), Draw.normal())));
    }
    return row;
  }

  private static OpRow add() {
    return new OpRow(Add.class, DenseReferences::add)
        .samples(Samples.elementwise(new Add(), 2, Draw.normal()))
        .differentiable(0, 1)
        .refuses(
            "number of inputs of add mismatch: expected=2, actual=3",
            new Add(),
            batched(3),
            batched(3),
            batched(3))
        .refuses(
            "second input of add mismatch: expected=f32[N,3], actual=f32[3]",
            new Add(),
            batched(3),
            fixed(3));
  }

  private static OpRow multiply() {
    return new OpRow(Multiply.class, DenseReferences::multiply)
        .samples(Samples.elementwise(new Multiply(), 2, Draw.normal()))
        .differentiable(0, 1)
        .refuses(
            "element type of first input of multiply mismatch: expected=FLOAT32, actual=INT32",
            new Multiply(),
            labels(3),
            labels(3))
        .refuses(
            "second input of multiply mismatch: expected=f32[N,3], actual=f32[N,4]",
            new Multiply(),
            batched(3),
            batched(4));
  }

  private static OpRow columnSum() {
    return new OpRow(ColumnSum.class, DenseReferences::columnSum)
        .samples(Samples.sameShape(new ColumnSum(), List.of(Draw.normal())))
        .differentiable(0)
        .refuses("number of inputs of column_sum mismatch: expected=1, actual=0", new ColumnSum())
        .refuses(
            "rank of input of column_sum mismatch: expected=2 or more, actual=[3]",
            new ColumnSum(),
            fixed(3));
  }

  private static OpRow broadcastRows() {
    return new OpRow(BroadcastRows.class, DenseReferences::broadcastRows)
        .samples(Samples.withVector(new BroadcastRows(), true))
        .differentiable(0)
        .refuses(
            "first input of broadcast_rows mismatch: expected=f32[4], actual=f32[3]",
            new BroadcastRows(),
            fixed(3),
            batched(4))
        .refuses(
            "rank of second input of broadcast_rows mismatch: expected=2 or more, actual=[3]",
            new BroadcastRows(),
            fixed(3),
            fixed(3));
  }

  private static OpRow softmax() {
    return new OpRow(Softmax.class, LossReferences::softmax)
        .samples(Samples.sameShape(new Softmax(), List.of(Draw.normal())))
        .samples(Samples.sameShape(new Softmax(), List.of(Draw.scaled(20))))
        .differentiable(0)
        .refuses(
            "rank of input of softmax mismatch: expected=2 or more, actual=[3]",
            new Softmax(),
            fixed(3))
        .refuses(
            "element type of input of softmax mismatch: expected=FLOAT32, actual=INT32",
            new Softmax(),
            labels(3));
  }

  private static OpRow softmaxGradient() {
    return new OpRow(SoftmaxGradient.class, LossReferences::softmaxGradient)
        .samples(
            Samples.sameShape(new SoftmaxGradient(), List.of(Draw.probabilities(), Draw.normal())))
        .differentiable(0, 1)
        .refuses(
            "second input of softmax_gradient mismatch: expected=f32[N,3], actual=f32[N,4]",
            new SoftmaxGradient(),
            batched(3),
            batched(4));
  }

  private static OpRow softmaxCrossEntropy() {
    return new OpRow(SoftmaxCrossEntropy.class, LossReferences::softmaxCrossEntropy)
        .samples(Samples.classes(new SoftmaxCrossEntropy(), Draw.normal(), false))
        .samples(Samples.classes(new SoftmaxCrossEntropy(), Draw.scaled(20), false))
        .differentiable(0)
        .refuses(
            "labels of softmax_cross_entropy mismatch: expected=i32[N], actual=f32[N]",
            new SoftmaxCrossEntropy(),
            batched(3),
            batched())
        .refuses(
            "labels of softmax_cross_entropy mismatch: expected=i32[N], actual=i32[N,3]",
            new SoftmaxCrossEntropy(),
            batched(3),
            labels(3))
        .refuses(
            "rank of logits mismatch: expected=2 or more, actual=[3]",
            new SoftmaxCrossEntropy(),
            fixed(3),
            labels());
  }

  private static OpRow softmaxCrossEntropyGradient() {
    return new OpRow(SoftmaxCrossEntropyGradient.class, LossReferences::softmaxCrossEntropyGradient)
        .samples(Samples.classes(new SoftmaxCrossEntropyGradient(), Draw.probabilities(), true))
        .refuses(
            "labels of softmax_cross_entropy_gradient mismatch: expected=i32[N,2], actual=i32[N]",
            new SoftmaxCrossEntropyGradient(),
            batched(2, 3),
            labels(),
            batched(2))
        .refuses(
            "gradient of the rows of softmax_cross_entropy_gradient mismatch:"
                + " expected=f32[N], actual=f32[1]",
            new SoftmaxCrossEntropyGradient(),
            batched(3),
            labels(),
            fixed(1));
  }

  private static OpRow update() {
    final Update sgd = new Update(new Sgd(0.1), new StepScalars(new Sgd(0.1)));
    final Update adam = new Update(new Adam(0.1), new StepScalars(new Adam(0.1)));
    return new OpRow(Update.class, UpdateReferences::update)
        .samples(Samples.updates())
        .refuses(
            "number of inputs of sgd mismatch: expected=2, actual=3",
            sgd,
            fixed(3),
            fixed(3),
            fixed(3))
        .refuses(
            "gradient of sgd mismatch: expected=f32[3], actual=f32[4]", sgd, fixed(3), fixed(4))
        .refuses(
            "number of inputs of adam mismatch: expected=3, actual=2", adam, fixed(3), fixed(3))
        .refuses(
            "state of adam mismatch: expected=f32[2,16], actual=f32[2,3]",
            adam,
            fixed(3),
            fixed(3),
            fixed(2, 3));
  }
}
