package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Embedding;
import dev.gradus.graph.op.EmbeddingGradient;
import dev.gradus.memory.Shape;
import dev.gradus.optim.RowUpdate;
import java.util.ArrayList;
import java.util.List;

/** Embeddings in double precision. */
final class EmbeddingReferences {
  private EmbeddingReferences() {}

  /** A copy: exact. */
  static List<RealTensor> embedding(final Op op, final List<RealTensor> inputs) {
    final RealTensor table = inputs.get(0);
    final RealTensor indices = inputs.get(1);
    final RealTensor out = RealTensor.zeros(indices.shape().withAppended(table.columns()));
    for (int i = 0; i < out.length(); i++) {
      final int index = (int) indices.at(i / table.columns());
      final boolean padding = index == ((Embedding) op).padding();
      out.set(i, padding ? 0 : table.at(index, i % table.columns()), 0);
    }
    return List.of(out);
  }

  static List<RealTensor> embeddingGradient(final Op op, final List<RealTensor> inputs) {
    final EmbeddingGradient gradient = (EmbeddingGradient) op;
    return List.of(sum(gradient.entries(), gradient.padding(), inputs.get(0), inputs.get(1)));
  }

  private static RealTensor sum(
      final int entries, final int padding, final RealTensor indices, final RealTensor rows) {
    final int columns = rows.columns();
    final RealTensor sums = RealTensor.zeros(Shape.of(entries, columns));
    final double[] magnitudes = new double[sums.length()];
    final int[] terms = new int[sums.length()];
    for (int i = 0; i < rows.length(); i++) {
      final int index = (int) indices.at(i / columns);
      if (index != padding) {
        final int target = index * columns + i % columns;
        magnitudes[target] += Math.abs(rows.at(i));
        terms[target]++;
        sums.set(target, sums.at(target) + rows.at(i), terms[target] * magnitudes[target]);
      }
    }
    return sums;
  }

  /**
   * The dense update by the summed gradient, rows that do not occur left as they were. How far the
   * sum may be off is added by moving it so far either way.
   */
  static List<RealTensor> rowUpdate(final Op op, final List<RealTensor> inputs) {
    final RowUpdate update = (RowUpdate) op;
    final RealTensor table = inputs.get(0);
    final RealTensor sum =
        sum(table.shape().dim(0), update.padding(), inputs.get(1), inputs.get(2));
    final boolean[] occurs = new boolean[table.shape().dim(0)];
    for (int i = 0; i < inputs.get(1).length(); i++) {
      final int index = (int) inputs.get(1).at(i);
      occurs[index] |= index != update.padding();
    }
    final List<RealTensor> results = dense(update, inputs, sum, 0);
    final List<RealTensor> above = dense(update, inputs, sum, RealTensor.ROUNDING);
    final List<RealTensor> below = dense(update, inputs, sum, -RealTensor.ROUNDING);
    for (int result = 0; result < results.size(); result++) {
      final RealTensor updated = results.get(result);
      final RealTensor before = inputs.get(result == 0 ? 0 : 3);
      for (int i = 0; i < updated.length(); i++) {
        final int element = result == 0 ? i : i % updated.columns();
        if (element >= table.length() || !occurs[element / table.columns()]) {
          updated.set(i, before.at(i), 0);
        } else {
          final double moved =
              Math.max(
                  Math.abs(above.get(result).at(i) - updated.at(i)),
                  Math.abs(below.get(result).at(i) - updated.at(i)));
          updated.set(i, updated.at(i), updated.bound(i) + moved / RealTensor.ROUNDING);
        }
      }
    }
    return results;
  }

  private static List<RealTensor> dense(
      final RowUpdate update,
      final List<RealTensor> inputs,
      final RealTensor sum,
      final double shift) {
    final RealTensor gradient = RealTensor.zeros(sum.shape());
    for (int i = 0; i < sum.length(); i++) {
      gradient.set(i, sum.at(i) + shift * sum.bound(i), 0);
    }
    final List<RealTensor> operands = new ArrayList<>(List.of(inputs.get(0), gradient));
    operands.addAll(inputs.subList(3, inputs.size()));
    return UpdateReferences.update(update.update(), operands);
  }
}
