package dev.gradus.tests;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Dense layers and those that join, cut and move against PyTorch: output, gradient of the input and
 * of every parameter under the mean squared error. {@code tools/golden/structure.py} makes the
 * values, in float64.
 */
final class StructureGoldenTest {
  private static final String FILE = "/golden/structure.txt";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "dense;input(4) dense(5);3",
        "dense_sequence;input(3,4) dense(5);2",
        "dense_tanh;input(4) dense(5,tanh);3",
        "softmax;input(4) softmax();3",
        "log_softmax;input(4) log_softmax();3",
        "flatten;input(3,2) flatten();2",
        "reshape;input(6) reshape(3,2);2",
        "transpose;input(3,4) permute(2,1);2",
        "prelu;input(4) prelu();3",
        "prelu_channel;input(3,2,2) prelu(channel);2",
        "residual;input(4) residual(dense(5,tanh) dense(4));3",
        "sum;input(4) sum(dense(2) | dense(2));3",
        "concat_split;input(4) concat(dense(2) | columns(1,3) | );3",
        "concat_channels;input(2,3,3) concat(max_pool2d(2,1) | avg_pool2d(2,1));2",
        "embedding_bag;input(int,3) embedding_bag(7,3);2",
        "embedding_bag_mean;input(int,3) embedding_bag(7,3,mean);2",
        "embedding_bag_padding;input(int,3) embedding_bag(7,3,2);2",
        "factorization_machine;input(4,3) factorization_machine();2",
        "column_sum;input(4,3) column_sum();2",
        "positions;input(3,4) positions();2",
        "residual_norm;input(3,4) residual(layer_norm());2"
      })
  void shouldComputeAsPyTorch(final String name, final String text, final int rows)
      throws IOException {
    NetworkGolden.assertAsGolden(FILE, name, text, rows);
  }
}
