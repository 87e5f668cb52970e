package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Executes commands in this JVM and keeps what they print. */
record CommandLineFixture(int exitCode, String out, String err) {
  static CommandLineFixture execute(final Object... arguments) {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final CommandLine line = GradusCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    final int code =
        line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new CommandLineFixture(code, out.toString(), err.toString());
  }

  /** Requires success and nothing on stderr. */
  CommandLineFixture assertFine() {
    assertEquals("", err);
    assertEquals(0, exitCode, out);
    return this;
  }

  /** Requires an exit code and one line on stderr that has all parts. */
  void assertFails(final int code, final String... parts) {
    assertEquals(code, exitCode, out + err);
    assertEquals(1, err.lines().count(), err);
    for (final String part : parts) {
      assertTrue(err.contains(part), err);
    }
  }

  /** The number behind a name at the start of a line. */
  double number(final String name) {
    for (final String line : lines()) {
      if (line.startsWith(name)) {
        return Double.parseDouble(line.substring(name.length()).strip());
      }
    }
    throw new AssertionError("no line " + name + " in " + out());
  }

  List<String> lines() {
    return out.lines().toList();
  }
}
