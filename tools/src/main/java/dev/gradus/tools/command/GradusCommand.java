package dev.gradus.tools.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line's root. */
@Command(
    name = "gradus",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Trains and runs neural networks inside the JVM.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      PredictCommand.class,
      EvaluateCommand.class,
      InfoCommand.class,
      TextCommand.class,
      GanCommand.class,
      FitCommand.class,
      DiagnoseCommand.class
    },
    footer = {
      "",
      "bench times Gradus; it is built when it is first used: gradus bench --help.",
      "Exit codes: 0 fine, 2 wrong usage, 1 failed."
    })
public final class GradusCommand implements Callable<Integer> {
  private static final String VERBOSE = "--verbose";

  @Spec private CommandSpec spec;

  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  private GradusCommand() {}

  /**
   * The command line, ready to execute.
   *
   * @param more commands of other modules.
   */
  public static CommandLine commandLine(final Object... more) {
    final CommandLine line = new CommandLine(new GradusCommand());
    for (final Object command : more) {
      line.addSubcommand(command);
    }
    line.setParameterExceptionHandler(Failures::onUsage);
    line.setExecutionExceptionHandler(Failures::onExecution);
    line.setExpandAtFiles(false); // what a user writes is what a command gets
    line.setOverwrittenOptionsAllowed(false);
    return line;
  }

  /** Whether stack traces are asked for. */
  static boolean isVerbose(final CommandLine command) {
    CommandLine root = command;
    while (root.getParent() != null) {
      root = root.getParent();
    }
    final GradusCommand gradus = root.getCommand();
    return gradus.verbose;
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "command mismatch: expected=one of "
            + spec.subcommands().keySet()
            + ", actual=none (--help tells more)");
  }
}
