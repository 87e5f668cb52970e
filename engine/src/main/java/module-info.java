/** A neural-network training engine: from tensors and kernels up to plans and training loops. */
module dev.gradus.engine {
  // Static: where the Vector API is not added at run time, the scalar kernels serve.
  requires static jdk.incubator.vector;
}
