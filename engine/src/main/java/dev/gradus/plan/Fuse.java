package dev.gradus.plan;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.SparseConvolution;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.ActivateGradient;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.AddChannelBias;
import dev.gradus.graph.op.ChannelSum;
import dev.gradus.graph.op.ColumnSum;
import dev.gradus.graph.op.Conv2d;
import dev.gradus.graph.op.Conv2dWeightGradient;
import dev.gradus.graph.op.ConvTranspose2d;
import dev.gradus.graph.op.EmbeddingGradient;
import dev.gradus.graph.op.FusedConv2d;
import dev.gradus.graph.op.FusedMatMul;
import dev.gradus.graph.op.MatMul;
import dev.gradus.graph.op.MaxPool2dGradient;
import dev.gradus.graph.op.PlaceStep;
import dev.gradus.graph.op.PooledConv2dGradient;
import dev.gradus.graph.op.RecurrenceGradient;
import dev.gradus.graph.op.WeightGradients;
import dev.gradus.kernel.Activation;
import dev.gradus.optim.ProductUpdate;
import dev.gradus.optim.RowUpdate;
import dev.gradus.optim.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins a matrix product or a convolution with what alone reads it, so that the result is finished
 * while it is in cache, and gradients that read the same:
 *
 * <ul>
 *   <li>product or convolution, bias and activation, each of the last two optional;
 *   <li>product and the gradient of the activation before it;
 *   <li>the gradients of pooling by maximum and of the activation before it, which is then computed
 *       for the largest elements alone;
 *   <li>those and all gradients of a convolution before them, computed for the largest elements
 *       alone;
 *   <li>the gradient of an embedding's table and the update that alone reads it, which so touches
 *       the rows that occur and no others;
 *   <li>in a batch of one row, the gradient of a product's weights and the update that alone reads
 *       it. With more rows the product takes its time whether its result is written or not.
 *   <li>what several weights and a bias get from one gradient too large for a core's cache;
 *   <li>the gradient of a recurrence of whose steps one alone is read.
 * </ul>
 *
 * The joined node stands where the last of the joined stood, so all it reads is there; where that
 * is so before and others may read what it gives, where the first stood.
 */
final class Fuse {
  /** Of as many elements at most one has a gradient, for it to be worth finding them. */
  private static final int SPARSE = 3;

  /** What is larger leaves a core's second-level cache before it is read again. */
  private static final long CACHED_BYTES = 2L << 20;

  private final Set<Value> kept;
  private final int capacity;
  private final Views views;
  private final Map<Value, List<Node>> readers = new HashMap<>();
  private final Map<Value, Node> writers = new HashMap<>();

  private Fuse(final List<Node> nodes, final Set<Value> kept, final int capacity) {
    this.kept = kept;
    this.capacity = capacity;
    this.views = Views.of(nodes);
    for (final Node node : nodes) {
      for (final Value input : node.inputs()) {
        readers.computeIfAbsent(input, value -> new ArrayList<>()).add(node);
      }
      for (final Value output : node.outputs()) {
        writers.put(output, node);
      }
    }
  }

  /**
   * Fuses.
   *
   * @param kept values that must exist after the run.
   * @param capacity the most rows of a batch.
   */
  static List<Node> apply(final List<Node> nodes, final Set<Value> kept, final int capacity) {
    return new Fuse(nodes, kept, capacity).rewrite(nodes);
  }

  private List<Node> rewrite(final List<Node> nodes) {
    final Map<Node, Node> lastToFused = new HashMap<>();
    final Map<Node, Node> absorbed = new HashMap<>();
    for (final Node node : nodes) {
      if (node.op() instanceof MatMul product) {
        if (!fuseGradient(node, product, lastToFused, absorbed)) {
          fuse(node, AddBias.class, lastToFused, absorbed);
        }
      } else if (node.op() instanceof Conv2d) {
        fuse(node, AddChannelBias.class, lastToFused, absorbed);
      } else if (node.op() instanceof MaxPool2dGradient pooling) {
        fuse(node, pooling, lastToFused, absorbed);
      } else if (node.op() instanceof Update update) {
        fuse(node, update, lastToFused, absorbed);
      } else if (node.op() instanceof PlaceStep place) {
        fuse(node, place, lastToFused, absorbed);
      }
    }
    nodes.forEach(node -> fusePooled(node, lastToFused, absorbed));
    fuseWeightGradients(nodes, lastToFused, absorbed);
    final List<Node> result = new ArrayList<>();
    for (final Node node : nodes) {
      if (lastToFused.containsKey(node)) {
        result.add(lastToFused.get(node));
      } else if (!absorbed.containsKey(node)) {
        result.add(node);
      }
    }
    return result;
  }

  private boolean fuseGradient(
      final Node matmul,
      final MatMul product,
      final Map<Node, Node> lastToFused,
      final Map<Node, Node> absorbed) {
    final Node gradient = soleReader(matmul.output(), ActivateGradient.class, 1);
    if (gradient == null) {
      return false;
    }
    final Epilogue epilogue = Epilogue.gradient(((ActivateGradient) gradient.op()).function());
    absorbed.put(matmul, gradient);
    lastToFused.put(
        gradient, fused(matmul, new FusedMatMul(product, epilogue), gradient.input(0), gradient));
    return true;
  }

  private void fuse(
      final Node first,
      final Class<? extends Op> biasKind,
      final Map<Node, Node> lastToFused,
      final Map<Node, Node> absorbed) {
    Node last = first;
    final Node bias = soleReader(last.output(), biasKind, 0);
    if (bias != null) {
      absorbed.put(last, bias);
      last = bias;
    }
    final Node activation = soleReader(last.output(), Activate.class, 0);
    if (activation != null) {
      absorbed.put(last, activation);
      last = activation;
    }
    if (bias != null || activation != null) {
      final Activation function =
          activation == null ? null : ((Activate) activation.op()).function();
      final Op op =
          first.op() instanceof Conv2d conv
              ? new FusedConv2d(conv, bias != null, function)
              : new FusedMatMul((MatMul) first.op(), Epilogue.forward(bias != null, function));
      lastToFused.put(last, fused(first, op, bias == null ? null : bias.input(1), last));
    }
  }

  private void fuse(
      final Node node,
      final MaxPool2dGradient pooling,
      final Map<Node, Node> lastToFused,
      final Map<Node, Node> absorbed) {
    final Node pool = writers.get(node.input(0));
    final Node gradient = soleReader(node.output(), ActivateGradient.class, 1);
    if (pooling.activation() != null
        || pool == null
        || gradient == null
        || pool.input(0) != gradient.input(0)) {
      return;
    }
    final Activation function = ((ActivateGradient) gradient.op()).function();
    if (!function.gradientFromInput()) {
      final Op op = pooling.with(function);
      absorbed.put(node, gradient);
      lastToFused.put(gradient, fused(node, op, pool.output(), gradient));
    }
  }

  /** The gradients of a convolution that is pooled, where the pooled elements are few. */
  private void fusePooled(
      final Node node, final Map<Node, Node> lastToFused, final Map<Node, Node> absorbed) {
    if (!(node.op() instanceof MaxPool2dGradient)) {
      return;
    }
    final Node pooling = lastToFused.getOrDefault(absorbed.getOrDefault(node, node), node);
    final Value dense = pooling.output();
    final List<Node> all = readers.getOrDefault(dense, List.of());
    final List<Node> weights =
        all.stream().filter(n -> n.op() instanceof Conv2dWeightGradient).toList();
    final List<Node> sums = all.stream().filter(n -> n.op() instanceof ChannelSum).toList();
    final List<Node> inputs = all.stream().filter(n -> n.op() instanceof ConvTranspose2d).toList();
    if (kept.contains(dense)
        || weights.size() != 1
        || sums.size() > 1
        || inputs.size() > 1
        || all.size() != 1 + sums.size() + inputs.size()
        || weights.get(0).input(1) != dense
        || inputs.stream().anyMatch(n -> n.input(0) != dense)
        || SPARSE * pooling.input(1).shape().elements(1) > dense.shape().elements(1)) {
      return;
    }
    final Conv2dWeightGradient weight = (Conv2dWeightGradient) weights.get(0).op();
    final Value x = weights.get(0).input(0);
    if (weight.groups() != 1
        || !SparseConvolution.suits(
            weight.window(),
            x.shape().dim(1),
            x.shape().dim(2),
            x.shape().dim(3),
            !inputs.isEmpty())) {
      return;
    }
    final Activation activation = ((MaxPool2dGradient) pooling.op()).activation();
    final List<Value> operands = new ArrayList<>(List.of(x));
    operands.addAll(pooling.inputs());
    inputs.forEach(n -> operands.add(n.input(1)));
    final List<Value> outputs = new ArrayList<>(List.of(weights.get(0).output()));
    sums.forEach(n -> outputs.add(n.output()));
    inputs.forEach(n -> outputs.add(n.output()));
    all.forEach(n -> absorbed.put(n, node));
    final Node last = absorbed.getOrDefault(node, node);
    lastToFused.put(
        last,
        new Node(
            new PooledConv2dGradient(
                weight.window(), activation, !sums.isEmpty(), !inputs.isEmpty()),
            operands,
            outputs));
  }

  private void fuse(
      final Node node,
      final Update update,
      final Map<Node, Node> lastToFused,
      final Map<Node, Node> absorbed) {
    final Node gradient = writers.get(node.input(1));
    if (gradient == null || soleReader(node.input(1), Update.class, 1) == null) {
      return;
    }
    final Op joined;
    if (gradient.op() instanceof EmbeddingGradient scatter) {
      joined = new RowUpdate(update, scatter.padding());
    } else if (gradient.op().equals(MatMul.TRANSPOSE_A)
        && gradient.input(0).shape().vectors(capacity) == 1
        && gradient.inputs().stream().noneMatch(this::isKeptFromRunToRun)) {
      joined = new ProductUpdate(update);
    } else {
      return;
    }
    final List<Value> inputs = new ArrayList<>(node.inputs());
    inputs.remove(1);
    inputs.addAll(1, gradient.inputs());
    absorbed.put(gradient, node);
    lastToFused.put(node, new Node(joined, inputs, node.outputs()));
  }

  private void fuse(
      final Node node,
      final PlaceStep place,
      final Map<Node, Node> lastToFused,
      final Map<Node, Node> absorbed) {
    final Node recurrence = soleReader(node.output(), RecurrenceGradient.class, 0);
    if (recurrence != null) {
      final Op op = ((RecurrenceGradient) recurrence.op()).ofStep(place.step());
      final List<Value> inputs = new ArrayList<>(recurrence.inputs());
      inputs.set(0, node.input(0));
      absorbed.put(node, recurrence);
      lastToFused.put(recurrence, new Node(op, inputs, recurrence.outputs()));
    }
  }

  /**
   * Joins where the first of a gradient's readers stands, as an update or another sum may read its
   * result soon: those whose operands are there by then.
   */
  private void fuseWeightGradients(
      final List<Node> nodes, final Map<Node, Node> lastToFused, final Map<Node, Node> absorbed) {
    final Map<Value, List<Node>> groups = new LinkedHashMap<>();
    final Map<Value, Set<Value>> laterThan = new HashMap<>(); // what the first comes before
    for (final Node node : nodes) {
      laterThan.values().forEach(later -> later.addAll(node.outputs()));
      final Value dY = largeGradient(node);
      if (dY != null && !absorbed.containsKey(node) && !lastToFused.containsKey(node)) {
        final Set<Value> later = laterThan.computeIfAbsent(dY, value -> new HashSet<>());
        if (node.inputs().stream().noneMatch(later::contains)) {
          groups.computeIfAbsent(dY, value -> new ArrayList<>()).add(node);
        }
      }
    }
    groups.forEach(
        (dY, group) -> {
          final List<Node> sums = group.stream().filter(n -> n.op() instanceof ColumnSum).toList();
          if (group.size() > 1 && sums.size() < 2 && sums.size() < group.size()) {
            group.forEach(node -> absorbed.put(node, group.get(0)));
            lastToFused.put(group.get(0), weightGradients(dY, group, sums));
          }
        });
  }

  /** The gradient that a node turns into one of weights or a bias, if it is large. */
  private Value largeGradient(final Node node) {
    final boolean product = node.op().equals(MatMul.TRANSPOSE_A);
    if (!product && !(node.op() instanceof ColumnSum)) {
      return null;
    }
    final Value dY = node.input(product ? 1 : 0);
    return dY.type().bytes(capacity) > CACHED_BYTES ? dY : null;
  }

  private static Node weightGradients(
      final Value dY, final List<Node> group, final List<Node> sums) {
    final List<Value> inputs = new ArrayList<>(List.of(dY));
    final List<Value> outputs = new ArrayList<>();
    for (final Node node : group) {
      if (!sums.contains(node)) {
        inputs.add(node.input(0));
        outputs.add(node.output());
      }
    }
    sums.forEach(node -> outputs.add(node.output()));
    return new Node(new WeightGradients(!sums.isEmpty()), inputs, outputs);
  }

  /** What an update may write: an update that read it might come too late. */
  private boolean isKeptFromRunToRun(final Value value) {
    final Value.Role role = views.root(value).role();
    return role == Value.Role.PARAMETER || role == Value.Role.STATE;
  }

  private static Node fused(final Node first, final Op op, final Value aux, final Node last) {
    final List<Value> inputs = new ArrayList<>(first.inputs());
    if (aux != null) {
      inputs.add(aux);
    }
    return new Node(op, inputs, last.outputs());
  }

  /**
   * The node that alone reads a value, as its input at {@code position}, if its op is of that kind.
   */
  private Node soleReader(final Value value, final Class<? extends Op> kind, final int position) {
    final List<Node> all = readers.getOrDefault(value, List.of());
    if (kept.contains(value) || all.size() != 1) {
      return null;
    }
    final Node reader = all.get(0);
    return kind.isInstance(reader.op()) && reader.input(position) == value ? reader : null;
  }
}
