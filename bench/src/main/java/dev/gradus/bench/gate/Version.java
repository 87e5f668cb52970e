package dev.gradus.bench.gate;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another version of the sources, checked out and built in a folder of its own, to run beside. */
public final class Version implements AutoCloseable {
  private static final long LIMIT_MINUTES = 30;

  private final Path root;
  private final Path folder;

  private Version(final Path root, final Path folder) {
    this.root = root;
    this.folder = folder;
  }

  /**
   * The commit a reference stands for.
   *
   * @param root of the repository.
   * @throws GradusException where it stands for none.
   */
  public static String commit(final Path root, final String reference) {
    return run(
            "comparison " + reference + " mismatch: expected=none, peers, baseline or a commit",
            root,
            List.of("git", "rev-parse", "--verify", "--quiet", reference + "^{commit}"))
        .strip();
  }

  /**
   * The commit at which a reference and the present one parted.
   *
   * @throws GradusException where there is none.
   */
  public static String mergeBase(final Path root, final String reference) {
    final String commit = commit(root, reference);
    return run(
            "no common ancestor of " + reference + " and what is checked out",
            root,
            List.of("git", "merge-base", "HEAD", commit))
        .strip();
  }

  /**
   * Checks a commit out and builds its benchmarks; takes minutes.
   *
   * @throws GradusException where that fails.
   */
  public static Version build(final Path root, final String commit) {
    final Path folder;
    try {
      folder = Files.createTempDirectory("gradus-version");
    } catch (final IOException e) {
      throw new GradusException("cannot make a folder for " + commit + ": " + e.getMessage(), e);
    }
    final Version version = new Version(root, folder);
    try {
      run(
          "cannot check out " + commit,
          root,
          List.of("git", "worktree", "add", "--detach", folder.resolve("src").toString(), commit));
      run(
          "cannot build " + commit,
          folder.resolve("src"),
          List.of(
              "mvn",
              "-q",
              "-B",
              "-ntp",
              "-DskipTests",
              "-Dmaven.test.skip=true",
              "-Dformat.phase=none",
              "-Dmaven.compiler.failOnWarning=false",
              "-pl",
              "bench",
              "-am",
              "package"));
      return version;
    } catch (final GradusException e) {
      version.close();
      throw e;
    }
  }

  /** Where its benchmarks are, for a JVM. */
  public String classPath() {
    final Path target = folder.resolve("src/bench/target");
    try (Stream<Path> files = Files.list(target)) {
      final List<String> jars =
          files
              .filter(file -> file.getFileName().toString().matches("gradus-bench.*\\.jar"))
              .map(Path::toString)
              .toList();
      return String.join(":", jars) + ":" + target.resolve("lib") + "/*";
    } catch (final IOException e) {
      throw new GradusException("no benchmarks in " + target + ": " + e.getMessage(), e);
    }
  }

  private static String run(final String failure, final Path folder, final List<String> command) {
    try {
      final Path log = Files.createTempFile("gradus-version", ".log");
      try {
        final Process process =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        final boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        final String output = Files.readString(log);
        if (!ended || process.exitValue() != 0) {
          final String last = output.isBlank() ? "none" : output.strip().lines().toList().getLast();
          throw new GradusException(failure + ", actual=" + last);
        }
        return output;
      } finally {
        Files.deleteIfExists(log);
      }
    } catch (final IOException e) {
      throw new GradusException(failure + ", actual=" + e.getMessage(), e);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GradusException("interrupted during " + String.join(" ", command), e);
    }
  }

  @Override
  public void close() {
    if (Files.exists(folder.resolve("src"))) {
      run(
          "cannot remove " + folder,
          root,
          List.of("git", "worktree", "remove", "--force", folder.resolve("src").toString()));
    }
    folder.toFile().delete();
  }
}
