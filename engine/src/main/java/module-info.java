/** A neural-network training engine: from tensors and kernels up to plans and training loops. */
module dev.gradus.engine {
  // Static: where the Vector API is not added at run time, the scalar kernels serve.
  requires static jdk.incubator.vector;
  // Heap bytes of a thread, by which a warm-up sees that kernels are compiled.
  requires jdk.management;

  exports dev.gradus.data;
  exports dev.gradus.gemm;
  exports dev.gradus.graph;
  exports dev.gradus.graph.op;
  exports dev.gradus.io;
  exports dev.gradus.kernel;
  exports dev.gradus.loss;
  exports dev.gradus.memory;
  exports dev.gradus.nn;
  exports dev.gradus.optim;
  exports dev.gradus.parallel;
  exports dev.gradus.plan;
  exports dev.gradus.train;

  uses dev.gradus.gemm.GemmProvider;
}
