package dev.gradus.bench.peers;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.graph.Backend;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A product by Gradus, run as the steps of its plans run it. */
final class GradusGemm implements GemmCall, ParallelTask {
  private final GemmTask task;
  private final Engine engine;
  private final Arena arena = Arena.ofShared();
  private final GemmKernel kernel;
  private final MemorySegment c;
  private final long aAddress;
  private final long bAddress;
  private final long scratchAddress;
  private final long scratchStride;

  GradusGemm(final GemmTask task, final String backendName, final int threads) {
    this.task = task;
    this.engine = Engine.open(new EngineOptions(threads, backendName));
    final Backend backend = engine.backend();
    final GemmSpec spec =
        GemmSpec.dense(
            task.m, task.n, task.k, task.transposeA(), task.transposeB(), 0, Epilogue.NONE);
    this.kernel = backend.gemm().prepare(spec, threads, backend.mode());
    this.scratchStride = Slab.aligned(kernel.scratchBytes());
    this.aAddress = copy(task.a).address();
    this.bAddress = copy(task.b).address();
    this.c = arena.allocate(4L * task.m * task.n, 64);
    this.scratchAddress = arena.allocate(Math.max(64, scratchStride * threads), 64).address();
  }

  private MemorySegment copy(final float[] values) {
    final MemorySegment segment = arena.allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
    return segment;
  }

  @Override
  public void multiply() {
    engine.backend().team().run(this, kernel.tasks(task.m, task.n, task.k));
  }

  @Override
  public void runChunk(final int chunk, final int worker) {
    kernel.runTask(
        chunk,
        worker,
        task.m,
        task.n,
        task.k,
        aAddress,
        bAddress,
        c.address(),
        0,
        scratchAddress + worker * scratchStride);
  }

  @Override
  public float[] result() {
    return c.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    engine.close();
    arena.close();
  }
}
