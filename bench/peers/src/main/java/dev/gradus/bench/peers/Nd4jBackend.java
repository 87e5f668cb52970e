package dev.gradus.bench.peers;

import jdk.incubator.vector.VectorShape;
import org.nd4j.linalg.factory.Nd4j;

/** Which of ND4J's native libraries this process loads: the one for the CPU's vectors. */
final class Nd4jBackend {
  private static final int WIDEST = 512; // bits

  private Nd4jBackend() {}

  /** To be called before anything of ND4J. */
  static void load() {
    final boolean wide = VectorShape.preferredShape().vectorBitSize() == WIDEST;
    System.setProperty("org.bytedeco.javacpp.platform.extension", wide ? "-avx512" : "-avx2");
    Nd4j.getMemoryManager().togglePeriodicGc(false);
  }
}
