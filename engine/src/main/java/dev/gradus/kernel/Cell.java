package dev.gradus.kernel;

/**
 * A kind of recurrent cell, with the gates in PyTorch's order. {@code x} is what the input
 * contributes to the gates, bias included, {@code u = h' U} what the state h' before the step does.
 *
 * <ul>
 *   <li>{@link #RNN_TANH}, {@link #RNN_RELU}: {@code h = f(x + u)}. Elman 1990.
 *   <li>{@link #LSTM}, gates i, f, g, o: {@code i, f, o = sigmoid(x + u); g = tanh(x + u); c = f c'
 *       + i g; h = o tanh(c)}. Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000.
 *   <li>{@link #GRU}, gates r, z, n: {@code r, z = sigmoid(x + u + b); n = tanh(x + r (u + b)); h =
 *       (1 - z) n + z h'}. Cho et al. 2014, reset behind the product as in PyTorch and cuDNN.
 * </ul>
 *
 * For the gradient a cell leaves its gates where x was, and keeps further blocks for each step,
 * each as long as the state: tanh(c), c of an LSTM; u + b of n of a GRU.
 */
public enum Cell {
  RNN_TANH("rnn", 1, 0, 1, 0),
  RNN_RELU("rnn_relu", 1, 0, 1, 0),
  LSTM("lstm", 4, 2, 2, 10),
  GRU("gru", 3, 1, 1, 12);

  private final String label;
  private final int gates;
  private final int keptBlocks;
  private final int stateBlocks;
  private final int flops;

  Cell(
      final String label,
      final int gates,
      final int keptBlocks,
      final int stateBlocks,
      final int flops) {
    this.label = label;
    this.gates = gates;
    this.keptBlocks = keptBlocks;
    this.stateBlocks = stateBlocks;
    this.flops = flops;
  }

  /** The name in network texts and reports. */
  public String label() {
    return label;
  }

  /** Blocks of gates. */
  public int gates() {
    return gates;
  }

  /** Blocks kept for each step beside the gates. */
  public int keptBlocks() {
    return keptBlocks;
  }

  /** Blocks that the next step needs: h, and c of an LSTM, which is the last of those kept. */
  public int stateBlocks() {
    return stateBlocks;
  }

  /** Whether there is a c beside h. */
  public boolean hasCellState() {
    return stateBlocks == 2;
  }

  /** Whether the state's product has a bias of its own, which the reset gate scales too. */
  public boolean hasHiddenBias() {
    return this == GRU;
  }

  /** Floating-point operations beside the product, for each element of the state. */
  public int flops() {
    return gates + flops;
  }

  /** The kernel of one step. */
  public CellKernel kernel(final KernelMode mode) {
    return switch (this) {
      case RNN_TANH -> new RnnCell(Tanh.INSTANCE, mode);
      case RNN_RELU -> new RnnCell(Relu.INSTANCE, mode);
      case LSTM -> new LstmCell(mode);
      case GRU -> new GruCell(mode);
    };
  }
}
