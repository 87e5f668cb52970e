package dev.gradus.bench.peers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Loader;

/**
 * {@code dnnl_sgemm} of oneDNN, row-major as it is. Bound here, since bytedeco's binding asks for
 * OpenCL, too; the library is the one of its jar.
 */
final class OneDnnGemm implements GemmCall {
  private static final int SUCCESS = 0;
  private static final MethodHandle SGEMM = bind();

  private final GemmTask task;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;
  private final byte transA;
  private final byte transB;

  OneDnnGemm(final GemmTask task) {
    this.task = task;
    this.a = copy(task.a);
    this.b = copy(task.b);
    this.c = arena.allocate(4L * task.m * task.n, 64);
    this.transA = (byte) task.transposes.charAt(0);
    this.transB = (byte) task.transposes.charAt(1);
  }

  private MemorySegment copy(final float[] values) {
    final MemorySegment segment = arena.allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
    return segment;
  }

  @SuppressWarnings("restricted") // the library and the function's type are fixed
  private static MethodHandle bind() {
    System.load(extract("libgomp.so.1").getPath());
    final SymbolLookup library =
        SymbolLookup.libraryLookup(extract("libdnnl.so.3").toPath(), Arena.global());
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow("dnnl_sgemm"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_BYTE, // transa
                ValueLayout.JAVA_BYTE, // transb
                ValueLayout.JAVA_LONG, // M
                ValueLayout.JAVA_LONG, // N
                ValueLayout.JAVA_LONG, // K
                ValueLayout.JAVA_FLOAT, // alpha
                ValueLayout.ADDRESS, // A
                ValueLayout.JAVA_LONG, // lda
                ValueLayout.ADDRESS, // B
                ValueLayout.JAVA_LONG, // ldb
                ValueLayout.JAVA_FLOAT, // beta
                ValueLayout.ADDRESS, // C
                ValueLayout.JAVA_LONG /* ldc */));
  }

  private static File extract(final String library) {
    final String resource = "/org/bytedeco/dnnl/" + Loader.getPlatform() + "/" + library;
    try {
      final File file = Loader.cacheResource(OneDnnGemm.class, resource);
      if (file == null) {
        throw new IllegalStateException("oneDNN: expected=" + resource + ", actual=not there");
      }
      return file;
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void multiply() {
    final int status;
    try {
      status =
          (int)
              SGEMM.invokeExact(
                  transA,
                  transB,
                  (long) task.m,
                  (long) task.n,
                  (long) task.k,
                  1f,
                  a,
                  (long) task.lda(),
                  b,
                  (long) task.ldb(),
                  0f,
                  c,
                  (long) task.n);
    } catch (final RuntimeException | Error e) {
      throw e;
    } catch (final Throwable e) {
      throw new IllegalStateException("a native function throws no Java exception", e);
    }
    if (status != SUCCESS) {
      throw new IllegalStateException("dnnl_sgemm: expected=" + SUCCESS + ", actual=" + status);
    }
  }

  @Override
  public float[] result() {
    return c.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    arena.close();
  }
}
