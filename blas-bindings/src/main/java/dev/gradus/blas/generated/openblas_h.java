// In the shape of jextract 25's output: tools/jextract/generate.sh makes it anew.

package dev.gradus.blas.generated;

import dev.gradus.blas.library.OpenBlasLibrary;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

@SuppressWarnings({"restricted", "EffectivelyPrivate"})
public class openblas_h {

  openblas_h() {
    // Should not be called directly
  }

  static MemorySegment findOrThrow(String symbol) {
    return SYMBOL_LOOKUP
        .find(symbol)
        .orElseThrow(() -> new UnsatisfiedLinkError("unresolved symbol: " + symbol));
  }

  static final SymbolLookup SYMBOL_LOOKUP = OpenBlasLibrary.symbols();

  public static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;
  public static final ValueLayout.OfFloat C_FLOAT = ValueLayout.JAVA_FLOAT;
  public static final AddressLayout C_POINTER =
      ValueLayout.ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));

  private static final int OPENBLAS_SEQUENTIAL = (int) 0L;

  /**
   *
   *
   * {@snippet lang=c :
   * #define OPENBLAS_SEQUENTIAL 0
   * }
   */
  public static int OPENBLAS_SEQUENTIAL() {
    return OPENBLAS_SEQUENTIAL;
  }

  private static final int OPENBLAS_THREAD = (int) 1L;

  /**
   *
   *
   * {@snippet lang=c :
   * #define OPENBLAS_THREAD 1
   * }
   */
  public static int OPENBLAS_THREAD() {
    return OPENBLAS_THREAD;
  }

  private static final int OPENBLAS_OPENMP = (int) 2L;

  /**
   *
   *
   * {@snippet lang=c :
   * #define OPENBLAS_OPENMP 2
   * }
   */
  public static int OPENBLAS_OPENMP() {
    return OPENBLAS_OPENMP;
  }

  private static final int CblasRowMajor = (int) 101L;

  /**
   *
   *
   * {@snippet lang=c :
   * enum CBLAS_ORDER.CblasRowMajor = 101
   * }
   */
  public static int CblasRowMajor() {
    return CblasRowMajor;
  }

  private static final int CblasNoTrans = (int) 111L;

  /**
   *
   *
   * {@snippet lang=c :
   * enum CBLAS_TRANSPOSE.CblasNoTrans = 111
   * }
   */
  public static int CblasNoTrans() {
    return CblasNoTrans;
  }

  private static final int CblasTrans = (int) 112L;

  /**
   *
   *
   * {@snippet lang=c :
   * enum CBLAS_TRANSPOSE.CblasTrans = 112
   * }
   */
  public static int CblasTrans() {
    return CblasTrans;
  }

  private static class openblas_set_num_threads {
    public static final FunctionDescriptor DESC = FunctionDescriptor.ofVoid(openblas_h.C_INT);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("openblas_set_num_threads");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * void openblas_set_num_threads(int num_threads)
   * }
   */
  public static FunctionDescriptor openblas_set_num_threads$descriptor() {
    return openblas_set_num_threads.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * void openblas_set_num_threads(int num_threads)
   * }
   */
  public static MethodHandle openblas_set_num_threads$handle() {
    return openblas_set_num_threads.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * void openblas_set_num_threads(int num_threads)
   * }
   */
  public static MemorySegment openblas_set_num_threads$address() {
    return openblas_set_num_threads.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * void openblas_set_num_threads(int num_threads)
   * }
   */
  public static void openblas_set_num_threads(int num_threads) {
    var mh$ = openblas_set_num_threads.HANDLE;
    try {
      mh$.invokeExact(num_threads);
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }

  private static class openblas_get_num_threads {
    public static final FunctionDescriptor DESC = FunctionDescriptor.of(openblas_h.C_INT);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("openblas_get_num_threads");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * int openblas_get_num_threads(void)
   * }
   */
  public static FunctionDescriptor openblas_get_num_threads$descriptor() {
    return openblas_get_num_threads.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * int openblas_get_num_threads(void)
   * }
   */
  public static MethodHandle openblas_get_num_threads$handle() {
    return openblas_get_num_threads.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * int openblas_get_num_threads(void)
   * }
   */
  public static MemorySegment openblas_get_num_threads$address() {
    return openblas_get_num_threads.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * int openblas_get_num_threads(void)
   * }
   */
  public static int openblas_get_num_threads() {
    var mh$ = openblas_get_num_threads.HANDLE;
    try {
      return (int) mh$.invokeExact();
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }

  private static class openblas_get_parallel {
    public static final FunctionDescriptor DESC = FunctionDescriptor.of(openblas_h.C_INT);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("openblas_get_parallel");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * int openblas_get_parallel(void)
   * }
   */
  public static FunctionDescriptor openblas_get_parallel$descriptor() {
    return openblas_get_parallel.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * int openblas_get_parallel(void)
   * }
   */
  public static MethodHandle openblas_get_parallel$handle() {
    return openblas_get_parallel.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * int openblas_get_parallel(void)
   * }
   */
  public static MemorySegment openblas_get_parallel$address() {
    return openblas_get_parallel.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * int openblas_get_parallel(void)
   * }
   */
  public static int openblas_get_parallel() {
    var mh$ = openblas_get_parallel.HANDLE;
    try {
      return (int) mh$.invokeExact();
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }

  private static class openblas_get_config {
    public static final FunctionDescriptor DESC = FunctionDescriptor.of(openblas_h.C_POINTER);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("openblas_get_config");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * char *openblas_get_config(void)
   * }
   */
  public static FunctionDescriptor openblas_get_config$descriptor() {
    return openblas_get_config.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * char *openblas_get_config(void)
   * }
   */
  public static MethodHandle openblas_get_config$handle() {
    return openblas_get_config.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * char *openblas_get_config(void)
   * }
   */
  public static MemorySegment openblas_get_config$address() {
    return openblas_get_config.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * char *openblas_get_config(void)
   * }
   */
  public static MemorySegment openblas_get_config() {
    var mh$ = openblas_get_config.HANDLE;
    try {
      return (MemorySegment) mh$.invokeExact();
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }

  private static class openblas_get_corename {
    public static final FunctionDescriptor DESC = FunctionDescriptor.of(openblas_h.C_POINTER);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("openblas_get_corename");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * char *openblas_get_corename(void)
   * }
   */
  public static FunctionDescriptor openblas_get_corename$descriptor() {
    return openblas_get_corename.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * char *openblas_get_corename(void)
   * }
   */
  public static MethodHandle openblas_get_corename$handle() {
    return openblas_get_corename.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * char *openblas_get_corename(void)
   * }
   */
  public static MemorySegment openblas_get_corename$address() {
    return openblas_get_corename.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * char *openblas_get_corename(void)
   * }
   */
  public static MemorySegment openblas_get_corename() {
    var mh$ = openblas_get_corename.HANDLE;
    try {
      return (MemorySegment) mh$.invokeExact();
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }

  private static class cblas_sgemv {
    public static final FunctionDescriptor DESC =
        FunctionDescriptor.ofVoid(
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_FLOAT,
            openblas_h.C_POINTER,
            openblas_h.C_INT,
            openblas_h.C_POINTER,
            openblas_h.C_INT,
            openblas_h.C_FLOAT,
            openblas_h.C_POINTER,
            openblas_h.C_INT);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("cblas_sgemv");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * void cblas_sgemv(const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE trans,
   *     const blasint m, const blasint n, const float alpha, const float *a, const blasint lda,
   *     const float *x, const blasint incx, const float beta, float *y, const blasint incy)
   * }
   */
  public static FunctionDescriptor cblas_sgemv$descriptor() {
    return cblas_sgemv.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * void cblas_sgemv(const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE trans,
   *     const blasint m, const blasint n, const float alpha, const float *a, const blasint lda,
   *     const float *x, const blasint incx, const float beta, float *y, const blasint incy)
   * }
   */
  public static MethodHandle cblas_sgemv$handle() {
    return cblas_sgemv.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * void cblas_sgemv(const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE trans,
   *     const blasint m, const blasint n, const float alpha, const float *a, const blasint lda,
   *     const float *x, const blasint incx, const float beta, float *y, const blasint incy)
   * }
   */
  public static MemorySegment cblas_sgemv$address() {
    return cblas_sgemv.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * void cblas_sgemv(const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE trans,
   *     const blasint m, const blasint n, const float alpha, const float *a, const blasint lda,
   *     const float *x, const blasint incx, const float beta, float *y, const blasint incy)
   * }
   */
  public static void cblas_sgemv(
      int order,
      int trans,
      int m,
      int n,
      float alpha,
      MemorySegment a,
      int lda,
      MemorySegment x,
      int incx,
      float beta,
      MemorySegment y,
      int incy) {
    var mh$ = cblas_sgemv.HANDLE;
    try {
      mh$.invokeExact(order, trans, m, n, alpha, a, lda, x, incx, beta, y, incy);
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }

  private static class cblas_sgemm {
    public static final FunctionDescriptor DESC =
        FunctionDescriptor.ofVoid(
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_INT,
            openblas_h.C_FLOAT,
            openblas_h.C_POINTER,
            openblas_h.C_INT,
            openblas_h.C_POINTER,
            openblas_h.C_INT,
            openblas_h.C_FLOAT,
            openblas_h.C_POINTER,
            openblas_h.C_INT);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("cblas_sgemm");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * void cblas_sgemm(const enum CBLAS_ORDER Order, const enum CBLAS_TRANSPOSE TransA,
   *     const enum CBLAS_TRANSPOSE TransB, const blasint M, const blasint N, const blasint K,
   *     const float alpha, const float *A, const blasint lda, const float *B, const blasint ldb,
   *     const float beta, float *C, const blasint ldc)
   * }
   */
  public static FunctionDescriptor cblas_sgemm$descriptor() {
    return cblas_sgemm.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * void cblas_sgemm(const enum CBLAS_ORDER Order, const enum CBLAS_TRANSPOSE TransA,
   *     const enum CBLAS_TRANSPOSE TransB, const blasint M, const blasint N, const blasint K,
   *     const float alpha, const float *A, const blasint lda, const float *B, const blasint ldb,
   *     const float beta, float *C, const blasint ldc)
   * }
   */
  public static MethodHandle cblas_sgemm$handle() {
    return cblas_sgemm.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * void cblas_sgemm(const enum CBLAS_ORDER Order, const enum CBLAS_TRANSPOSE TransA,
   *     const enum CBLAS_TRANSPOSE TransB, const blasint M, const blasint N, const blasint K,
   *     const float alpha, const float *A, const blasint lda, const float *B, const blasint ldb,
   *     const float beta, float *C, const blasint ldc)
   * }
   */
  public static MemorySegment cblas_sgemm$address() {
    return cblas_sgemm.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * void cblas_sgemm(const enum CBLAS_ORDER Order, const enum CBLAS_TRANSPOSE TransA,
   *     const enum CBLAS_TRANSPOSE TransB, const blasint M, const blasint N, const blasint K,
   *     const float alpha, const float *A, const blasint lda, const float *B, const blasint ldb,
   *     const float beta, float *C, const blasint ldc)
   * }
   */
  public static void cblas_sgemm(
      int Order,
      int TransA,
      int TransB,
      int M,
      int N,
      int K,
      float alpha,
      MemorySegment A,
      int lda,
      MemorySegment B,
      int ldb,
      float beta,
      MemorySegment C,
      int ldc) {
    var mh$ = cblas_sgemm.HANDLE;
    try {
      mh$.invokeExact(Order, TransA, TransB, M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }

  private static class blas_thread_shutdown_ {
    public static final FunctionDescriptor DESC = FunctionDescriptor.of(openblas_h.C_INT);

    public static final MemorySegment ADDR = openblas_h.findOrThrow("blas_thread_shutdown_");

    public static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(ADDR, DESC);
  }

  /**
   * Function descriptor for:
   *
   * {@snippet lang=c :
   * int blas_thread_shutdown_(void)
   * }
   */
  public static FunctionDescriptor blas_thread_shutdown_$descriptor() {
    return blas_thread_shutdown_.DESC;
  }

  /**
   * Downcall method handle for:
   *
   * {@snippet lang=c :
   * int blas_thread_shutdown_(void)
   * }
   */
  public static MethodHandle blas_thread_shutdown_$handle() {
    return blas_thread_shutdown_.HANDLE;
  }

  /**
   * Address for:
   *
   * {@snippet lang=c :
   * int blas_thread_shutdown_(void)
   * }
   */
  public static MemorySegment blas_thread_shutdown_$address() {
    return blas_thread_shutdown_.ADDR;
  }

  /**
   *
   *
   * {@snippet lang=c :
   * int blas_thread_shutdown_(void)
   * }
   */
  public static int blas_thread_shutdown_() {
    var mh$ = blas_thread_shutdown_.HANDLE;
    try {
      return (int) mh$.invokeExact();
    } catch (Error | RuntimeException ex) {
      throw ex;
    } catch (Throwable ex$) {
      throw new AssertionError("should not reach here", ex$);
    }
  }
}
