package dev.gradus.bench.command;

import dev.gradus.tools.command.GradusCommand;
import picocli.CommandLine;

/** The entry of {@code gradus bench}: the command line, with this command added. */
public final class BenchMain {
  private BenchMain() {}

  /** Executes a command and ends the JVM with its exit code. */
  public static void main(final String[] arguments) {
    final int code = commandLine().execute(arguments);
    System.out.flush();
    System.err.flush();
    System.exit(code);
  }

  static CommandLine commandLine() {
    return GradusCommand.commandLine(new BenchCommand());
  }
}
