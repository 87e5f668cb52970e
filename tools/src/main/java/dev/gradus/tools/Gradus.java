package dev.gradus.tools;

import dev.gradus.tools.command.GradusCommand;

/** The command line's entry. */
public final class Gradus {
  private Gradus() {}

  /** Executes a command and ends the JVM with its exit code. */
  public static void main(final String[] arguments) {
    final int code = GradusCommand.commandLine().execute(arguments);
    System.out.flush();
    System.err.flush();
    if (isEnding()) {
      // After Ctrl-C, when all is saved: exit() would wait for the hook that waits for this thread.
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  /** Whether the JVM is on its way out: it then takes no more hooks. */
  private static boolean isEnding() {
    final Thread hook = Thread.ofPlatform().unstarted(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (final IllegalStateException e) {
      return true;
    }
  }
}
