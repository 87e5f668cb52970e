#!/usr/bin/env bash
# Makes the OpenBLAS bindings anew from openblas.h. Wants jextract 25 (https://jdk.java.net/jextract)
# on the PATH or in JEXTRACT. After it: mvn -Pformat, then mvn verify.
#
# The committed bindings have the same shape, without jextract's tracing of calls.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
sources=../../blas-bindings/src/main/java
bindings="$sources/dev/gradus/blas/generated/openblas_h.java"

"${JEXTRACT:-jextract}" \
  --output "$sources" \
  --target-package dev.gradus.blas.generated \
  --header-class-name openblas_h \
  --include-constant OPENBLAS_SEQUENTIAL \
  --include-constant OPENBLAS_THREAD \
  --include-constant OPENBLAS_OPENMP \
  --include-constant CblasRowMajor \
  --include-constant CblasNoTrans \
  --include-constant CblasTrans \
  --include-function openblas_set_num_threads \
  --include-function openblas_get_num_threads \
  --include-function openblas_get_parallel \
  --include-function openblas_get_config \
  --include-function openblas_get_corename \
  --include-function cblas_sgemv \
  --include-function cblas_sgemm \
  --include-function blas_thread_shutdown_ \
  openblas.h

# jextract can't know how the library is found: that is dev.gradus.blas.library's affair.
perl -0pi -e '
  s/(static final SymbolLookup SYMBOL_LOOKUP =).*?;/$1 dev.gradus.blas.library.OpenBlasLibrary.symbols();/s
    or die "no SYMBOL_LOOKUP in what jextract wrote\n";
  s/^(public (?:final )?class openblas_h)/\@SuppressWarnings({"restricted", "EffectivelyPrivate"})\n$1/m
    or die "no class openblas_h in what jextract wrote\n";
' "$bindings"
