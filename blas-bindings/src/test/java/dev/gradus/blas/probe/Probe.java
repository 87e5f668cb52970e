package dev.gradus.blas.probe;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmProvider;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.OffHeap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * A program that loads the OpenBLAS backend as users do, multiplies once, and prints: the detail,
 * an element of the product, and how many threads of the process have the name of the one that
 * loaded the library (threads started by native code inherit it).
 */
public final class Probe {
  private static final String THREAD = "blas-probe";
  private static final int SIZE = 200;

  private Probe() {}

  public static void main(final String[] arguments) throws InterruptedException {
    final Thread thread = new Thread(Probe::run, THREAD);
    thread.start();
    thread.join();
  }

  private static void run() {
    GemmProvider openblas = null;
    for (final GemmProvider provider : ServiceLoader.load(GemmProvider.class)) {
      if (provider.name().equals("openblas")) {
        openblas = provider;
      }
    }
    if (openblas == null) {
      System.out.println("no provider");
      return;
    }
    final GemmProvider.Availability availability = openblas.load();
    System.out.println(availability.usable() + " " + availability.detail());
    if (availability.usable()) {
      System.out.println("element " + multiply(openblas));
      System.out.println("threads " + threads());
    }
  }

  /** A product of ones. */
  private static float multiply(final GemmProvider openblas) {
    final GemmSpec spec = GemmSpec.dense(SIZE, SIZE, SIZE, false, false, 0f, Epilogue.NONE);
    final GemmKernel kernel = openblas.prepare(spec, 1, KernelMode.SCALAR);
    try (Arena arena = Arena.ofConfined()) {
      final long ones = arena.allocate(4L * SIZE * SIZE, 64).address();
      for (int i = 0; i < SIZE * SIZE; i++) {
        OffHeap.setFloat(ones + 4L * i, 1f);
      }
      final long product = arena.allocate(4L * SIZE * SIZE, 64).address();
      for (int task = 0; task < kernel.tasks(SIZE, SIZE, SIZE); task++) {
        kernel.runTask(task, 0, SIZE, SIZE, SIZE, ones, ones, product, 0, 0);
      }
      return OffHeap.getFloat(product + 4L * (SIZE * SIZE - 1));
    }
  }

  private static long threads() {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      final List<Path> all = tasks.toList();
      long named = 0;
      for (final Path task : all) {
        if (Files.readString(task.resolve("comm")).strip().equals(THREAD)) {
          named++;
        }
      }
      return named;
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
