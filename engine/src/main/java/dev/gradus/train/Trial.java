package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Split;
import dev.gradus.loss.Loss;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.ActivationLayer;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Branches;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.optim.Optimizer;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is diagnosed. Checks work on copies of the parameters.
 *
 * @param start the parameters to start from; left as they are.
 * @param data the sample.
 */
record Trial(Engine engine, Network network, Parameters start, Loss loss, Dataset data, long seed) {
  private static final int SCORED = 64;

  /** A copy of the parameters at the start, to be closed. */
  Parameters copy() {
    final Parameters copy = Parameters.zeros(engine, network);
    copy.copyFrom(start);
    return copy;
  }

  /** The same without dropout, so that a loss follows from weights and rows. */
  Trial steady() {
    final Network steady =
        new Network(network.input(), network.inputType(), steady(network.layers()));
    return new Trial(engine, steady, start, loss, data, seed);
  }

  /** Parameters are named by positions: something has to stand where a dropout stood. */
  private static List<Layer> steady(final List<Layer> layers) {
    final List<Layer> steady = new ArrayList<>();
    for (final Layer layer : layers) {
      if (layer instanceof Dropout) {
        steady.add(new ActivationLayer(Activations.LINEAR));
      } else if (layer instanceof Branches branches) {
        steady.add(
            new Branches(
                branches.join(), branches.branches().stream().map(Trial::steady).toList()));
      } else {
        steady.add(layer);
      }
    }
    return steady;
  }

  /** The same with another loss. */
  Trial with(final Loss other) {
    return new Trial(engine, network, start, other, data, seed);
  }

  /** A plan over a copy of the parameters. */
  TrainPlan train(final Parameters copy, final Optimizer optimizer, final PlanOptions options) {
    return TrainPlan.compile(engine, network, copy, loss, optimizer, options.withSeed(seed));
  }

  /** All rows in order, in batches to be scored. */
  static Batches batches(final Dataset data) {
    final int batch = Math.min(SCORED, data.rows());
    return new Batches(data, Split.all(data.rows()), batch, 0, false, true);
  }

  /** Rows from all over the sample, at most so many, no two of the same features. */
  int[] spread(final int most) {
    final int[] chosen = new int[Math.min(most, data.rows())];
    final Set<Integer> seen = new HashSet<>();
    int count = 0;
    for (int i = 0; i < chosen.length; i++) {
      final int row = (int) ((long) i * data.rows() / chosen.length);
      if (seen.add(hash(row))) {
        chosen[count++] = row;
      }
    }
    return Arrays.copyOf(chosen, count);
  }

  private int hash(final int row) {
    final long rowBytes = data.features().segment().byteSize() / data.rows();
    return data.features().segment().asSlice(row * rowBytes, rowBytes).asByteBuffer().hashCode();
  }

  /** Copies rows, all in one batch. */
  void fill(final int[] chosen, final Tensor input, final Tensor target) {
    final Batches batch = new Batches(data, chosen, chosen.length, 0, false, true);
    batch.startEpoch(0);
    batch.next(input, target);
  }

  /** Sets all elements to zero, or to the first category. */
  static void blank(final Tensor input) {
    input.segment().fill((byte) 0);
  }
}
