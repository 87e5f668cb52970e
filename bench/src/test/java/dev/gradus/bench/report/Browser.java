package dev.gradus.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Chromium without a window: opens a page and tells what came of it. */
final class Browser {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final long LIMIT_SECONDS = 120;

  private final Path program;
  private final Path folder;

  private Browser(final Path program, final Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /** What a page did. */
  record Visit(BufferedImage picture, List<String> console, List<String> requests) {
    /** How many pixels of the picture have exactly that colour, {@code 0xRRGGBB}. */
    int pixels(final int colour) {
      int count = 0;
      for (int y = 0; y < picture.getHeight(); y++) {
        for (int x = 0; x < picture.getWidth(); x++) {
          count += (picture.getRGB(x, y) & 0xFFFFFF) == colour ? 1 : 0;
        }
      }
      return count;
    }
  }

  /**
   * The one on the PATH, if any.
   *
   * @param folder for its profile and logs.
   */
  static Optional<Browser> find(final Path folder) {
    final String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Browser(program, folder));
  }

  /** Opens a file. What the browser asks of the network for itself does not count. */
  Visit open(final Path page) throws IOException, InterruptedException {
    final Path picture = folder.resolve("page.png");
    final Path network = folder.resolve("network.json");
    final Path log = folder.resolve("browser.txt");
    final Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox", // it refuses to run as root with one
                "--disable-gpu",
                "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--v=0",
                "--hide-scrollbars",
                "--window-size=1000,3000",
                "--screenshot=" + picture,
                "--log-net-log=" + network,
                page.toUri().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(program + " did not open " + page + ": " + Files.readString(log));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    final List<String> console =
        Files.readAllLines(log).stream().filter(line -> line.contains(":CONSOLE:")).toList();
    return new Visit(ImageIO.read(picture.toFile()), console, requests(network));
  }

  /** The addresses asked for by an origin, which the page is and the browser itself is not. */
  private static List<String> requests(final Path log) throws IOException {
    final List<String> requests = new ArrayList<>();
    final JsonNode events = new JsonMapper().readTree(log.toFile()).path("events");
    if (events.isEmpty()) {
      throw new IOException("no events in the browser's log of the network");
    }
    for (final JsonNode event : events) {
      final JsonNode parameters = event.path("params");
      final String initiator = parameters.path("initiator").asText("not an origin");
      if (parameters.has("url") && !initiator.equals("not an origin")) {
        requests.add(parameters.path("url").asText());
      }
    }
    return requests;
  }
}
