package dev.gradus.graph.op;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * A matrix product of two operands, its tasks run by the team. The epilogue's operand is the third
 * input.
 */
final class GemmStep implements Step, ParallelTask {
  private final WorkerTeam team;
  private final GemmKernel kernel;
  private final boolean transposeA;
  private final Shape aShape;
  private final int fixedM; // of a transposed a
  private final int n;
  private final int fixedK; // of an a that is not transposed
  private final long a;
  private final long b;
  private final long c;
  private final long aux;
  private final long scratch;
  private final long scratchStride;
  private int m;
  private int k;

  private GemmStep(
      final WorkerTeam team,
      final GemmKernel kernel,
      final GemmSpec spec,
      final Shape aShape,
      final Placement placement) {
    this.team = team;
    this.kernel = kernel;
    this.transposeA = spec.transposeA();
    this.aShape = aShape;
    this.fixedM = spec.m();
    this.n = spec.n();
    this.fixedK = spec.k();
    this.a = placement.input(0);
    this.b = placement.input(1);
    this.aux = spec.epilogue().usesAux() ? placement.input(2) : 0;
    this.c = placement.output(0);
    this.scratch = placement.scratch();
    this.scratchStride = Slab.aligned(kernel.scratchBytes());
  }

  static Prepared prepare(
      final MatMul op,
      final Epilogue epilogue,
      final Node node,
      final Backend backend,
      final int capacity) {
    final Shape a = node.input(0).shape();
    if (a.vectors(capacity) > Integer.MAX_VALUE) {
      throw GradusException.outOfRange(
          "rows of " + op.name() + " of " + a, "below 2^31", a.vectors(capacity));
    }
    final int vectors = (int) a.vectors(capacity);
    final int m = op.transposeA() ? a.last() : vectors;
    final int k = op.transposeA() ? vectors : a.last();
    final int n = node.output().shape().last();
    final GemmSpec spec = GemmSpec.dense(m, n, k, op.transposeA(), op.transposeB(), 0f, epilogue);
    final int workers = backend.team().threads();
    final GemmKernel kernel = backend.gemm().prepare(spec, workers, backend.mode());
    return new Prepared(
        kernel.description() + epilogue,
        Slab.aligned(kernel.scratchBytes()) * workers,
        placement -> new GemmStep(backend.team(), kernel, spec, a, placement));
  }

  @Override
  public void run(final int rows) {
    final int vectors = (int) aShape.vectors(rows);
    m = transposeA ? fixedM : vectors;
    k = transposeA ? vectors : fixedK;
    team.run(this, kernel.tasks(m, n, k));
  }

  @Override
  public void runChunk(final int task, final int worker) {
    kernel.runTask(task, worker, m, n, k, a, b, c, aux, scratch + worker * scratchStride);
  }
}
