package dev.gradus.tests;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Convolutions and pooling against PyTorch: output, gradient of the input and of every parameter
 * under the mean squared error. {@code tools/golden/images.py} makes the values, in float64.
 */
final class ImageGoldenTest {
  private static final String FILE = "/golden/images.txt";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv2d|input(3,5,6) conv2d(4,3)|1",
        "conv2d_stride_padding|input(2,6,7) conv2d(3,3,2,1)|1",
        "conv2d_dilation|input(2,5,5) conv2d(3,3,1,2,2)|2",
        "conv2d_groups|input(4,4,4) conv2d(6,3,1,1,1,2)|1",
        "conv2d_depthwise|input(3,4,4) conv2d(3,3,1,1,1,3)|2",
        "conv2d_axes|input(2,5,5) conv2d(3,2x3,2x1,0x2,1x2)|2",
        "conv2d_same|input(2,4,5) conv2d(3,2,1,same)|2",
        "conv1d|input(3,8) conv1d(4,3,2,1)|2",
        "conv1d_groups|input(4,9) conv1d(4,3,1,0,2,2)|2",
        "conv_transpose2d|input(3,3,2) conv_transpose2d(2,3)|2",
        "conv_transpose2d_all|input(4,2,3) conv_transpose2d(6,3,2,1,2,2,1)|1",
        "max_pool2d|input(1,5,6) max_pool2d(2)|2",
        "max_pool2d_overlapping|input(1,5,21) max_pool2d(3,2,1)|1",
        "max_pool2d_dilation|input(2,5,6) max_pool2d(2,1,0,2)|1",
        "max_pool1d|input(2,9) max_pool1d(3,2)|2",
        "avg_pool2d|input(2,6,7) avg_pool2d(3,2,1)|1",
        "avg_pool2d_exclude|input(2,6,7) avg_pool2d(3,2,1,exclude_pad)|1",
        "avg_pool1d|input(2,9) avg_pool1d(2)|2",
        "global_avg|input(3,4,5) global_avg_pool()|2",
        "global_max|input(3,4,5) global_max_pool()|2"
      })
  void shouldComputeAsPyTorch(final String name, final String text, final int rows)
      throws IOException {
    NetworkGolden.assertAsGolden(FILE, name, text, rows);
  }
}
