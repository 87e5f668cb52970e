/*
 * The functions of OpenBLAS 0.3.31 that Gradus calls, word for word as cblas.h declares them, with
 * OPENBLAS_CONST written out. Input of generate.sh; a test of blas-bindings holds the committed
 * bindings to this file, and this file to the cblas.h that comes with the library.
 *
 * Copyright (c) 2011-2014, The OpenBLAS Project. BSD-3-Clause.
 */
#ifndef GRADUS_OPENBLAS_H
#define GRADUS_OPENBLAS_H

typedef int blasint;

#define OPENBLAS_SEQUENTIAL  0
#define OPENBLAS_THREAD  1
#define OPENBLAS_OPENMP 2

typedef enum CBLAS_ORDER     {CblasRowMajor=101, CblasColMajor=102} CBLAS_ORDER;
typedef enum CBLAS_TRANSPOSE {CblasNoTrans=111, CblasTrans=112, CblasConjTrans=113, CblasConjNoTrans=114} CBLAS_TRANSPOSE;

void openblas_set_num_threads(int num_threads);
int openblas_get_num_threads(void);
int openblas_get_parallel(void);
char* openblas_get_config(void);
char* openblas_get_corename(void);

void cblas_sgemv(const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE trans, const blasint m, const blasint n,
                 const float alpha, const float *a, const blasint lda, const float *x, const blasint incx,
                 const float beta, float *y, const blasint incy);

void cblas_sgemm(const enum CBLAS_ORDER Order, const enum CBLAS_TRANSPOSE TransA, const enum CBLAS_TRANSPOSE TransB,
                 const blasint M, const blasint N, const blasint K, const float alpha, const float *A,
                 const blasint lda, const float *B, const blasint ldb, const float beta, float *C, const blasint ldc);

/*
 * Not in cblas.h: OpenBLAS declares it in common_thread.h, exports it, and calls it before each
 * fork. It ends the threads that the library starts when it is loaded.
 */
int blas_thread_shutdown_(void);

#endif
