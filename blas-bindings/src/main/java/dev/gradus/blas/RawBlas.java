package dev.gradus.blas;

import dev.gradus.blas.generated.openblas_h;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Semaphore;

/**
 * The products of OpenBLAS on raw addresses, row-major: a pointer goes as a {@code long}, which
 * this platform's calling convention passes alike, so that no call makes an object, compiled or
 * not.
 *
 * <p>No more calls run at the same time than the library has buffers for; further ones wait.
 */
final class RawBlas {
  private static final MethodHandle SGEMM =
      byAddress(openblas_h.cblas_sgemm$address(), openblas_h.cblas_sgemm$descriptor());
  private static final MethodHandle SGEMV =
      byAddress(openblas_h.cblas_sgemv$address(), openblas_h.cblas_sgemv$descriptor());

  private static final int ROW_MAJOR = openblas_h.CblasRowMajor();
  private static final int NO_TRANS = openblas_h.CblasNoTrans();
  private static final int TRANS = openblas_h.CblasTrans();

  /** The buffers are the library's, one set for the process; so is this count of them. */
  static final Semaphore CALLS = new Semaphore(OpenBlas.info().concurrentCalls());

  private RawBlas() {}

  @SuppressWarnings("restricted") // this module's purpose
  private static MethodHandle byAddress(
      final MemorySegment function, final FunctionDescriptor descriptor) {
    final MemoryLayout[] arguments = descriptor.argumentLayouts().toArray(MemoryLayout[]::new);
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof AddressLayout) {
        arguments[i] = ValueLayout.JAVA_LONG;
      }
    }
    return Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.ofVoid(arguments));
  }

  /** {@code C = alpha * op(A) * op(B) + beta * C}; op(A) is m by k, op(B) k by n. */
  static void sgemm(
      final boolean transposeA,
      final boolean transposeB,
      final int m,
      final int n,
      final int k,
      final float alpha,
      final long a,
      final int lda,
      final long b,
      final int ldb,
      final float beta,
      final long c,
      final int ldc) {
    CALLS.acquireUninterruptibly();
    try {
      SGEMM.invokeExact(
          ROW_MAJOR,
          transposeA ? TRANS : NO_TRANS,
          transposeB ? TRANS : NO_TRANS,
          m,
          n,
          k,
          alpha,
          a,
          lda,
          b,
          ldb,
          beta,
          c,
          ldc);
    } catch (final Error | RuntimeException e) {
      throw e;
    } catch (final Throwable e) {
      throw new AssertionError("a native function threw", e);
    } finally {
      CALLS.release();
    }
  }

  /** {@code y = alpha * op(A) * x + beta * y}; A as stored is {@code rows} by {@code columns}. */
  static void sgemv(
      final boolean transposeA,
      final int rows,
      final int columns,
      final float alpha,
      final long a,
      final int lda,
      final long x,
      final int strideX,
      final float beta,
      final long y,
      final int strideY) {
    CALLS.acquireUninterruptibly();
    try {
      SGEMV.invokeExact(
          ROW_MAJOR,
          transposeA ? TRANS : NO_TRANS,
          rows,
          columns,
          alpha,
          a,
          lda,
          x,
          strideX,
          beta,
          y,
          strideY);
    } catch (final Error | RuntimeException e) {
      throw e;
    } catch (final Throwable e) {
      throw new AssertionError("a native function threw", e);
    } finally {
      CALLS.release();
    }
  }
}
