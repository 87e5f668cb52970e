import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.StringWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks or applies Google Java Format on every Java source of the project; one JVM for all of
 * them.
 *
 * <p>A program of its own because formatter plugins parse in Maven's JVM, which may be a JDK 17
 * that cannot read Java 25. The build runs it from source in the JDK it compiles with.
 *
 * <p>Usage: {@code Format check|apply ROOT DIFFERING}; a check that finds files to format lists
 * them in the file DIFFERING, which is absent otherwise
 */
final class Format {

  private final Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
  private final Path root;
  private final boolean apply;

  private Format(Path root, boolean apply) {
    this.root = root;
    this.apply = apply;
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 3 || !(args[0].equals("check") || args[0].equals("apply"))) {
      System.err.println("expected=check|apply ROOT DIFFERING, actual=" + String.join(" ", args));
      System.exit(2);
    }
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    Path differing = Path.of(args[2]);
    Files.deleteIfExists(differing);

    List<Path> sources = sources(root);
    Format format = new Format(root, apply);
    List<String> places =
        sources.parallelStream().map(format::differs).flatMap(Optional::stream).toList();
    places.forEach(System.out::println);
    if (!places.isEmpty() && !apply) {
      Files.write(differing, places);
    }
    System.out.printf(
        "%d of %d files %s%n",
        places.size(), sources.size(), apply ? "formatted" : "not formatted");
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !isBuildOutputOrHidden(root.relativize(path)))
          .sorted()
          .toList();
    }
  }

  private static boolean isBuildOutputOrHidden(Path path) {
    for (Path name : path) {
      if (name.toString().equals("target") || name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** Where the file differs from its formatted text, as {@code path:line}. */
  private Optional<String> differs(Path source) {
    Path name = root.relativize(source);
    try {
      String text = Files.readString(source);
      String formatted = StringWrapper.wrap(formatter.formatSourceAndFixImports(text), formatter);
      if (formatted.equals(text)) {
        return Optional.empty();
      }
      if (apply) {
        Files.writeString(source, formatted);
      }
      return Optional.of(name + ":" + firstDifferingLine(text, formatted));
    } catch (FormatterException e) {
      throw new IllegalStateException(name + ":" + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long firstDifferingLine(String text, String formatted) {
    int i = 0;
    while (i < text.length() && i < formatted.length() && text.charAt(i) == formatted.charAt(i)) {
      i++;
    }
    return 1 + text.substring(0, i).chars().filter(c -> c == '\n').count();
  }
}
