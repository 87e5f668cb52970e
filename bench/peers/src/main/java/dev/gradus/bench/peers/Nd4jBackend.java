package dev.gradus.bench.peers;

import jdk.incubator.vector.VectorShape;
import org.nd4j.linalg.factory.Nd4j;

/** How ND4J runs in this process: with its native library for the CPU's vectors. */
final class Nd4jBackend {
  private static final int WIDEST = 512; // bits

  private Nd4jBackend() {}

  /** To be called before anything of ND4J. */
  static void load() {
    final boolean wide = VectorShape.preferredShape().vectorBitSize() == WIDEST;
    System.setProperty("org.bytedeco.javacpp.platform.extension", wide ? "-avx512" : "-avx2");
    // It would ask for a collection of garbage every five seconds.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
  }
}
