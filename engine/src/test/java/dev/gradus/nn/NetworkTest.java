package dev.gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "input(784) dense(256,relu) dense(10)",
        "input(4) dense(3)",
        "input(2,3,4) dense(7,tanh) dense(1,sigmoid)",
        "input(5) relu() dense(3) softmax()",
        "input(5) dense(3) log_softmax()",
        "input(2,3,4) flatten() dense(5)",
        "input(1,28,28) conv2d(6,5,1,2,relu) avg_pool2d(2) conv2d(16,5,tanh) max_pool2d(2)"
            + " flatten() dense(10)",
        "input(4,9,8) conv2d(8,3x2,2x1,1x0,1,2) max_pool2d(3,2,1) avg_pool2d(3,1,1,exclude_pad)"
            + " conv2d(4,2,1,same,leaky_relu(0.2)) max_pool2d(2,1,0,2) global_avg_pool()",
        "input(4,7,7) conv_transpose2d(6,3,2,1,1,2,1,relu) conv_transpose2d(1,2)",
        "input(4,19) conv1d(8,3,1,1,2,4,relu) max_pool1d(2) avg_pool1d(3,1) conv1d(2,2,1,same)"
            + " global_max_pool()",
        "input(5) tanh() sigmoid() relu()",
        "input(5) residual(dense(9,elu(0.5)) dense(5)) dense(2)",
        "input(5) sum(dense(3) | dense(7,relu) dense(3) | columns(0,3))",
        "input(5) concat( | residual(dense(5)) | dense(2)) prelu()",
        "input(5) columns(1,4) categorical(3,2,2,7,9) concat(factorization_machine() | flatten())",
        "input(12) reshape(2,3,2) prelu(channel) permute(3,1,2) flatten()",
        "input(int,5) embedding_bag(100,8,mean) dense(1)",
        "input(int,5) embedding(9,8) positions() residual(layer_norm() attention(2)) dense(1)",
        "input(int,5) embedding_bag(100,8,0) dense(1)",
        "input(5) dense(3,leaky_relu(0.2)) dense(3,gelu_tanh) elu(0.5) mish()"
      })
  void shouldReadWhatItDescribes(final String text) {
    final Network network = Network.parse(text);
    assertEquals(text, network.describe());
    assertEquals(network, Network.parse(network.describe()));
  }

  @Test
  void shouldReadTextWithOtherSpacing() {
    assertEquals(
        "input(784) dense(256,relu) dense(10)",
        Network.parse("  input( 784 )dense(256 , relu)\n dense(10) ").describe());
  }

  @Test
  void shouldBuildMultilayerPerceptrons() {
    final Network network = Network.mlp(Activations.RELU, 784, 256, 10);
    assertEquals("input(784) dense(256,relu) dense(10)", network.describe());
    assertEquals(784 * 256 + 256 + 256 * 10 + 10, network.parameterCount());
    assertEquals(TensorType.float32(Shape.batched(10)), network.output());
    assertEquals(
        List.of("0.weight", "0.bias", "1.weight", "1.bias"),
        network.define().parameters().stream().map(Parameter::name).toList());
    assertEquals("input(3) dense(2)", Network.mlp(Activations.TANH, 3, 2).describe());
  }

  @Test
  void shouldReadLayersWithinLayers() {
    final String text = "input(4) frozen(dense(3,leaky_relu(0.25))) frozen(frozen(softmax()))";
    final Network network = Network.parse(" " + text.replace(",", " , ") + " ");
    assertEquals(text, network.describe());
    assertEquals(new Frozen(new Frozen(new SoftmaxLayer())), network.layers().get(1));
    final GradusException e =
        assertThrows(GradusException.class, () -> Network.parse("input(4) frozen(relu(),relu())"));
    assertEquals(
        "arguments of frozen mismatch: expected=a layer, actual=[relu(), relu()]", e.getMessage());
    for (final String wrong : List.of("input(4", "input(4))", "input(4) (3)", "input(4) dense 3")) {
      assertEquals(
          "network text mismatch: expected=input(n) dense(units,activation) ..., actual=\""
              + wrong
              + '"',
          assertThrows(GradusException.class, () -> Network.parse(wrong)).getMessage());
    }
  }

  @Test
  void shouldKeepParameterNamesWhenItGrows() {
    final Network network = Network.mlp(Activations.RELU, 4, 3, 2);
    final Network more = network.then(new SoftmaxLayer());
    assertEquals("input(4) dense(3,relu) dense(2) softmax()", more.describe());
    assertEquals(
        network.define().parameters().stream().map(Parameter::name).toList(),
        more.define().parameters().stream().map(Parameter::name).toList());
    assertEquals(2, network.layers().size(), "the network itself has not changed");
  }

  @Test
  void shouldApplyDenseToTheLastDimension() {
    final Network network = Network.of(Shape.batched(5, 4), new Dense(3));
    assertEquals(TensorType.float32(Shape.batched(5, 3)), network.output());
    assertEquals(4 * 3 + 3, network.parameterCount());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|network text mismatch: expected=input(n) dense(units,activation) ..., actual=\"\"",
        "input(4)|layers of network mismatch: expected=1 or more, actual=0",
        "dense(4)|first part of network text mismatch: expected=input(...), actual=\"dense(4)\"",
        "input(4) dense(3|network text mismatch: expected=input(n) dense(units,activation) ...,"
            + " actual=\"input(4) dense(3\"",
        "input(4) dense(3) and more|network text mismatch: expected=input(n)"
            + " dense(units,activation) ..., actual=\"input(4) dense(3) and more\"",
        "input(4) relu(3)|arguments of relu mismatch: expected=none, actual=[3]",
        "input(4) elu(1,2)|arguments of elu mismatch: expected=at most one number, actual=[1, 2]",
        "input(4) dense(2,elu(x))|argument of elu mismatch: expected=a number, actual=\"x\"",
        "input(4) elu(0)|alpha of elu out of range: expected=more than 0, finite, actual=0.0",
        "input(4) leaky_relu(-1)|slope of leaky_relu out of range: expected=0 or more, finite,"
            + " actual=-1.0",
        "input(4) dense()|arguments of dense mismatch: expected=units[,activation], actual=[]",
        "input(4) dense(1,relu,2)|arguments of dense mismatch: expected=units[,activation],"
            + " actual=[1, relu, 2]",
        "input(4) dense(x)|units of dense mismatch: expected=a whole number, actual=\"x\"",
        "input(4) dense(0)|units of dense out of range: expected=1 or more, actual=0",
        "input(4) dense(99999999999)|units of dense mismatch: expected=a whole number,"
            + " actual=\"99999999999\"",
        "input(4) softmax(3)|arguments of softmax mismatch: expected=none, actual=[3]",
        "input(0) dense(3)|dimension out of range: expected=1 or more, actual=[0]",
        "input(4,) dense(3)|input size mismatch: expected=a whole number, actual=\"\"",
        "input(1,8,8) conv2d(3)|arguments of conv2d mismatch:"
            + " expected=filters,kernel[,stride[,padding[,dilation[,groups]]]][,activation],"
            + " actual=[3]",
        "input(1,8,8) conv2d(3,3,relu,relu)|stride of conv2d mismatch: expected=a whole number,"
            + " actual=\"relu\"",
        "input(1,8,8) conv2d(3,3xa)|kernel of conv2d mismatch: expected=a whole number,"
            + " actual=\"a\"",
        "input(1,8,8) conv2d(0,3)|filters of conv2d out of range: expected=1 or more, actual=0",
        "input(1,8,8) conv2d(3,3,2,same)|stride of conv2d out of range: expected=1 with padding"
            + " that keeps the size, actual=2x2",
        "input(1,8,8) conv2d(3,3,1,0,1,2)|groups of conv2d out of range: expected=a divisor of 3"
            + " filters, actual=2",
        "input(3,8,8) conv2d(4,3,1,0,1,2)|groups of conv2d on [N,3,8,8] out of range: expected=a"
            + " divisor of 3 channels, actual=2"
            + " (layer 0, conv2d(4,3,1,0,1,2))",
        "input(64) conv2d(4,3)|shape of input of conv2d mismatch:"
            + " expected=[N,channels,height,width], actual=[N,64]"
            + " (layer 0, conv2d(4,3))",
        "input(1,4,4) conv2d(3,5)|images of conv2d out of range: expected=large enough for the"
            + " window 5x5, actual=[N,1,4,4]"
            + " (layer 0, conv2d(3,5))",
        "input(1,4,4) max_pool2d(2,relu)|arguments of max_pool2d mismatch:"
            + " expected=kernel[,stride[,padding[,dilation]]], actual=[2, relu]",
        "input(1,4) max_pool2d(2)|shape of input of max_pool2d mismatch:"
            + " expected=[N,channels,height,width], actual=[N,1,4]"
            + " (layer 0, max_pool2d(2))",
        "input(1,4,4) conv_transpose2d(2,3,2,1,1,1,2)|output padding of conv_transpose2d out of"
            + " range: expected=0 to 1, actual=2",
        "input(1,1,1) conv_transpose2d(2,1,1,1)|size of the output of conv_transpose2d on"
            + " [N,1,1,1] out of range: expected=1 to 2^31 - 1, actual=-1"
            + " (layer 0, conv_transpose2d(2,1,1,1))",
        "input(4) conv1d(2,2)|shape of input of conv1d mismatch: expected=[N,channels,length],"
            + " actual=[N,4]"
            + " (layer 0, conv1d(2,2))",
        "input(4) global_avg_pool()|shape of input of global_avg_pool mismatch:"
            + " expected=[N,channels,...], actual=[N,4]"
            + " (layer 0, global_avg_pool())",
        "input() dense(3)|shape of input of dense mismatch: expected=[N,...,features],"
            + " actual=[N]"
            + " (layer 0, dense(3))",
        "input(4) residual()|arguments of residual mismatch: expected=layers, actual=[]",
        "input(4) sum(dense(3))|branches of sum mismatch: expected=2 or more, actual=1",
        "input(4) residual(dense(3))|outputs of branches of sum mismatch: expected=f32[N,3],"
            + " actual=f32[N,4]"
            + " (layer 0, residual(dense(3)))",
        "input(4) residual(dense(3)|network text mismatch: expected=input(n)"
            + " dense(units,activation) ..., actual=\"input(4) residual(dense(3)\"",
        "input(4) columns(2,3)|axis 1 of slice of [N,4] out of range: expected=0 to 4, actual=2 to"
            + " 5"
            + " (layer 0, columns(2,3))",
        "input(4) columns(1,0)|count of columns out of range: expected=1 or more, actual=0",
        "input(4) categorical(3,2)|columns of input of codes mismatch: expected=1, actual=[N,4]"
            + " (layer 0, categorical(3,2))",
        "input(4) categorical(3)|arguments of categorical mismatch:"
            + " expected=features,size[,size...], actual=[3]",
        "input(4) categorical(0,2,2,2,2)|features of categorical out of range: expected=1 or more,"
            + " actual=0",
        "input(4) categorical(1,2,0,2,2)|categories of a column out of range: expected=1 or more,"
            + " actual=0",
        "input(4) factorization_machine()|shape of input of factorization_machine mismatch:"
            + " expected=[N,columns,features], actual=[N,4]"
            + " (layer 0, factorization_machine())",
        "input(4) positions()|shape of input of positions mismatch: expected=[N,steps,features] of"
            + " fewer than 2^31 a row, actual=[N,4]"
            + " (layer 0, positions())",
        "input(4) prelu(feature)|arguments of prelu mismatch: expected=none or channel,"
            + " actual=[feature]",
        "input(4) reshape(2,3)|shape of input of reshape to [N,2,3] mismatch: expected=6 elements a"
            + " row, actual=[N,4]"
            + " (layer 0, reshape(2,3))",
        "input(4,2) permute(2,2)|order of permute mismatch: expected=each of 1 to 2, actual=[2, 2]",
        "input() softmax()|rank of input of softmax mismatch: expected=2 or more, actual=[N]"
            + " (layer 0, softmax())"
      })
  void shouldRefuseTextThatIsNoNetwork(final String text, final String message) {
    assertMessage(message, () -> Network.parse(text));
  }

  @Test
  void shouldTellWhereALayerStands() {
    assertMessage(
        "axis 1 of slice of [N,4] out of range: expected=0 to 4, actual=3 to 5"
            + " (layer 1.0.1.1.1, columns(3,2))",
        () ->
            Network.parse(
                "input(4) relu() residual(relu() sum(dense(4) | dense(4) columns(3,2)))"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input(4) dance(3)|unknown layer \"dance\": expected=one of [dense,|dense",
        "input(4) dense(3,rele)|unknown activation \"rele\": expected=one of [relu, sigmoid,|relu",
        "input(4) dense(3,geluu)|unknown activation \"geluu\": expected=one of [relu,|gelu"
      })
  void shouldNameTheNearest(final String text, final String start, final String nearest) {
    final String message =
        assertThrows(GradusException.class, () -> Network.parse(text)).getMessage();
    assertTrue(message.startsWith(start), message);
    assertTrue(message.endsWith("], nearest=" + nearest), message);
  }

  @Test
  void shouldCountFansOfConvolutions() {
    final Network network = Network.parse("input(4,9,9) conv2d(6,3x2,1,0,1,2) flatten() dense(3)");
    final Parameter weight = network.define().parameters().get(0);
    assertEquals(Shape.of(6, 2, 3, 2), weight.value().shape());
    assertEquals(2 * 6, weight.fanIn());
    assertEquals(6 * 6, weight.fanOut());
  }

  @Test
  void shouldStartBiasAsTold() {
    final Initializer bias = Initializers.values(1f, 2f);
    final Network network =
        Network.of(Shape.batched(4), new Dense(2, null, Initializers.heNormal(), bias));
    assertEquals(bias, network.define().parameters().get(1).initializer());
  }

  @Test
  void shouldTakeLinearForNoActivation() {
    assertEquals(new Dense(3), new Dense(3, Activations.LINEAR));
    assertEquals("input(4) dense(3)", Network.parse("input(4) dense(3, linear)").describe());
    assertEquals(
        "input(4) dense(3,elu) elu()",
        Network.parse("input(4) dense(3,elu(1)) elu(1.0)").describe());
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    assertMessage(
        "input shape of network mismatch: expected=a batch of rows [N,...], actual=[4]",
        () -> Network.of(Shape.of(4), new Dense(3)));
    assertMessage(
        "sizes of an MLP mismatch: expected=2 or more, actual=1",
        () -> Network.mlp(Activations.RELU, 4));
    assertMessage(
        "dimension out of range: expected=1 or more, actual=[0]",
        () -> Network.mlp(Activations.RELU, 0, 3));
    assertMessage(
        "weights of dense mismatch: expected=an initializer, actual=null",
        () -> new Dense(3, Activations.RELU, null));
    assertMessage(
        "bias of dense mismatch: expected=an initializer, actual=null",
        () -> new Dense(3, null, Initializers.zeros(), null));
  }

  @Test
  void shouldRefuseMoreWeightsThanCanBeCounted() {
    final int most = Integer.MAX_VALUE;
    final Network network = Network.mlp(Activations.RELU, most, most, most, most);
    assertMessage(
        "sum of parameters out of range: expected=below 2^63, actual=more",
        network::parameterCount);
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
