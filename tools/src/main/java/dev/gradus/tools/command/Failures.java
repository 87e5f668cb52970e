package dev.gradus.tools.command;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into one line on stderr, and the stack trace where it is asked for. */
final class Failures {
  /** The command line itself is wrong. */
  static final int USAGE = 2;

  /** What was asked for failed. */
  static final int FAILED = 1;

  private Failures() {}

  /** For options and arguments that don't fit. */
  static int onUsage(final ParameterException e, final String[] arguments) {
    final CommandLine command = e.getCommandLine();
    String message = e.getMessage();
    if (e instanceof UnmatchedArgumentException unmatched) {
      message = unmatched(unmatched);
    }
    print(command, message, e);
    return USAGE;
  }

  private static String unmatched(final UnmatchedArgumentException e) {
    final CommandLine command = e.getCommandLine();
    final String argument = e.getUnmatched().get(0);
    if (argument.startsWith("-")) {
      final Set<String> options = new TreeSet<>(command.getCommandSpec().optionsMap().keySet());
      return Names.unknown("option", argument, options).getMessage();
    }
    final Set<String> commands = command.getSubcommands().keySet();
    return commands.isEmpty()
        ? "argument mismatch: expected=options, actual=" + argument
        : Names.unknown("command", argument, commands).getMessage();
  }

  /** For what a command threw. */
  static int onExecution(
      final Exception e, final CommandLine command, final CommandLine.ParseResult result) {
    final String message =
        e instanceof GradusException
            ? e.getMessage()
            : "internal error (--verbose shows where): " + e;
    print(command, message, e);
    return FAILED;
  }

  private static void print(
      final CommandLine command, final String message, final Exception cause) {
    command.getOut().flush();
    command.getErr().println("gradus: " + message.replaceAll("\\R\\s*", " "));
    if (GradusCommand.isVerbose(command)) {
      cause.printStackTrace(command.getErr());
    }
    command.getErr().flush();
  }
}
