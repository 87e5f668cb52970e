package dev.gradus.plan;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a network, learned ones and buffers, in one slab, by name. Plans share them.
 */
public final class Parameters implements AutoCloseable {
  private final Slab slab;
  private final Map<String, Tensor> tensors;
  private final long count;

  private Parameters(final Slab slab, final Map<String, Tensor> tensors, final long count) {
    this.slab = slab;
    this.tensors = tensors;
    this.count = count;
  }

  /** The off-heap bytes that a network's parameters take. */
  public static long bytes(final Network network) {
    long bytes = 0;
    for (final Parameter parameter : network.define().parameters()) {
      bytes = Slab.sum(bytes, Slab.aligned(parameter.value().type().bytes(1)));
    }
    return bytes;
  }

  /** Parameters of a network, all zero. */
  public static Parameters zeros(final Engine engine, final Network network) {
    engine.requireOpen();
    final List<Parameter> parameters = network.define().parameters();
    final Slab slab = Slab.open(engine.account(), "parameters", bytes(network));
    final Map<String, Tensor> tensors = new LinkedHashMap<>();
    long offset = 0;
    for (final Parameter parameter : parameters) {
      final TensorType type = parameter.value().type();
      tensors.put(parameter.name(), slab.tensor(offset, type));
      offset += Slab.aligned(type.bytes(1));
    }
    return new Parameters(slab, tensors, network.parameterCount());
  }

  /**
   * Parameters of a network, started by its initialisers.
   *
   * @param seed the same seed gives the same bits.
   */
  public static Parameters initialise(final Engine engine, final Network network, final long seed) {
    final Parameters parameters = zeros(engine, network);
    try {
      long stream = 0;
      for (final Parameter parameter : network.define().parameters()) {
        final Tensor tensor = parameters.tensor(parameter.name());
        parameter.initializer().fill(tensor, parameter.fanIn(), parameter.fanOut(), seed, stream++);
      }
      return parameters;
    } catch (final RuntimeException | Error e) {
      parameters.close();
      throw e;
    }
  }

  /** Names in the order of definition: {@code 0.weight}, {@code 0.bias}, ... */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /**
   * The tensor of that name.
   *
   * @throws GradusException where there is none.
   */
  public Tensor tensor(final String name) {
    final Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw Names.unknown("parameter", name, tensors.keySet());
    }
    return tensor;
  }

  /** The number of learned floats; buffers are not learned. */
  public long count() {
    return count;
  }

  /**
   * SHA-256 over all tensors in order, in hex: equal exactly where all weights have the same bits.
   */
  public String sha256() {
    try {
      final MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (final Tensor tensor : tensors.values()) {
        digest.update(tensor.segment().asByteBuffer());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Copies all weights of parameters with the same names and shapes. */
  public void copyFrom(final Parameters source) {
    for (final Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      require(entry.getKey(), entry.getValue().shape(), source.tensor(entry.getKey()).shape());
    }
    tensors.forEach((name, tensor) -> tensor.copyFrom(source.tensor(name)));
  }

  /** The same names, shapes and content in memory of its own. */
  Parameters copy(final Engine engine) {
    final Slab copied = Slab.open(engine.account(), slab.name(), slab.bytes());
    copied.segment().copyFrom(slab.segment());
    final Map<String, Tensor> cut = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          final long offset = tensor.address() - slab.segment().address();
          cut.put(name, copied.tensor(offset, tensor.type()));
        });
    return new Parameters(copied, cut, count);
  }

  /** Off-heap bytes held. */
  public long bytes() {
    return slab.bytes();
  }

  Slab slab() {
    return slab;
  }

  /** The address of a parameter that a network declares. */
  long address(final String name, final Shape shape) {
    final Tensor tensor = tensor(name);
    require(name, shape, tensor.shape());
    return tensor.address();
  }

  private static void require(final String name, final Shape expected, final Shape actual) {
    if (!expected.equals(actual)) {
      throw GradusException.mismatch("shape of parameter " + name, expected, actual);
    }
  }

  /**
   * Frees the memory.
   *
   * @throws GradusException where a plan is running with them; they stay open.
   */
  @Override
  public void close() {
    slab.close();
  }
}
