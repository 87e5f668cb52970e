package dev.gradus.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser shows it; skipped where there is none. */
final class HtmlPageTest {
  /** The first two colours of a plot's series, as {@link Plot} has them. */
  private static final int[] COLOURS = {0x1f77b4, 0xd62728};

  /** A dot of radius 4 has some 50 pixels, its smoothed edge aside. */
  private static final int LEAST_PIXELS = 100;

  @TempDir private Path folder;

  private Browser.Visit visit(final String page) throws Exception {
    final Optional<Browser> browser = Browser.find(folder);
    Assumptions.assumeTrue(browser.isPresent(), "no Chromium on the PATH to open the page with");
    final Path file = folder.resolve("page.html");
    Files.writeString(file, page);
    return browser.get().open(file);
  }

  @Test
  void shouldDrawPlotsWithoutErrorOrRequest() throws Exception {
    final Browser.Visit visit = visit(HtmlPage.of(ReportTest.OUTCOME));
    assertEquals(List.of(), visit.console());
    assertEquals(List.of(), visit.requests());
    for (final int colour : COLOURS) {
      assertTrue(visit.pixels(colour) >= LEAST_PIXELS, visit.pixels(colour) + " pixels");
    }
  }

  @Test
  void shouldNoticeAnErrorARequestAndAPlotThatIsMissing() throws Exception {
    final String planted =
        "<script>undefinedName.call()</script><img src=\"http://127.0.0.1:9/planted.png\"/>";
    final String page =
        HtmlPage.of(ReportTest.OUTCOME)
            .replace("<svg ", "<svg style=\"display: none\" ")
            .replace("</body>", planted + "</body>");
    final Browser.Visit visit = visit(page);
    assertEquals(1, visit.console().size(), visit.console().toString());
    assertTrue(visit.console().get(0).contains("undefinedName"), visit.console().get(0));
    assertFalse(visit.requests().isEmpty());
    assertTrue(visit.requests().stream().allMatch(r -> r.endsWith("/planted.png")), "others");
    for (final int colour : COLOURS) {
      assertEquals(0, visit.pixels(colour));
    }
  }
}
