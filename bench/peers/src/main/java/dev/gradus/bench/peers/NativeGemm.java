package dev.gradus.bench.peers;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;
import org.bytedeco.openblas.global.openblas;

/** A product by a native library, called through its bytedeco binding. */
abstract class NativeGemm implements GemmCall {
  final GemmTask task;
  final FloatPointer a;
  final FloatPointer b;
  final FloatPointer c;

  private NativeGemm(final GemmTask task) {
    this.task = task;
    this.a = new FloatPointer(task.a);
    this.b = new FloatPointer(task.b);
    this.c = new FloatPointer((long) task.m * task.n);
  }

  /** {@code cblas_sgemm} of OpenBLAS. */
  static GemmCall openblas(final GemmTask task) {
    System.setProperty("org.bytedeco.openblas.load", "openblas");
    return new NativeGemm(task) {
      private final int transA = task.transposeA() ? openblas.CblasTrans : openblas.CblasNoTrans;
      private final int transB = task.transposeB() ? openblas.CblasTrans : openblas.CblasNoTrans;

      @Override
      public void multiply() {
        openblas.cblas_sgemm(
            openblas.CblasRowMajor,
            transA,
            transB,
            task.m,
            task.n,
            task.k,
            1f,
            a,
            task.lda(),
            b,
            task.ldb(),
            0f,
            c,
            task.n);
      }
    };
  }

  /** {@code cblas_sgemm} of MKL. */
  static GemmCall mkl(final GemmTask task) {
    return new NativeGemm(task) {
      private final int transA = task.transposeA() ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans;
      private final int transB = task.transposeB() ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans;

      @Override
      public void multiply() {
        mkl_rt.cblas_sgemm(
            mkl_rt.CblasRowMajor,
            transA,
            transB,
            task.m,
            task.n,
            task.k,
            1f,
            a,
            task.lda(),
            b,
            task.ldb(),
            0f,
            c,
            task.n);
      }
    };
  }

  @Override
  public float[] result() {
    final float[] values = new float[task.m * task.n];
    c.get(values);
    return values;
  }

  @Override
  public void close() {
    a.close();
    b.close();
    c.close();
  }
}
