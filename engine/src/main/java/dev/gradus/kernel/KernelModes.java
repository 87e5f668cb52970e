package dev.gradus.kernel;

/**
 * Finds out which kernels serve this JVM. The Vector API is fast only where the C2 compiler turns
 * it into vector instructions of 8 lanes or more; anywhere else it runs as Java objects, a hundred
 * times slower than plain loops.
 *
 * <p>Whether C2 is there is read from {@code java.vm.name} and {@code java.vm.info}, which tell
 * {@code -Xint} and {@code -XX:TieredStopAtLevel=1}; flags for debugging a compiler, such as {@code
 * -XX:TieredStopAtLevel=3}, they don't tell.
 */
public final class KernelModes {
  private static final String MODULE = "jdk.incubator.vector";

  private KernelModes() {}

  /** The kernels to run, and why, in words. */
  public record Choice(KernelMode mode, String reason) {}

  /** The choice for this JVM. The first call that finds a fallback logs its reason. */
  public static Choice detect() {
    return Detected.CHOICE;
  }

  /**
   * Chooses.
   *
   * @param module whether the Vector API can be used.
   * @param vmName system property {@code java.vm.name}.
   * @param vmInfo system property {@code java.vm.info}.
   * @param lanes float32 lanes the CPU prefers; 0 where the module is missing.
   */
  static Choice choose(
      final boolean module, final String vmName, final String vmInfo, final int lanes) {
    if (!module) {
      return scalar("module " + MODULE + " is missing: add --add-modules " + MODULE);
    }
    if (!vmName.contains("Server VM")) {
      return scalar("the JVM is not HotSpot with its C2 compiler but " + vmName);
    }
    if (vmInfo.contains("interpreted mode") || vmInfo.contains("emulated-client")) {
      return scalar("the C2 compiler is off: " + vmInfo);
    }
    if (lanes < 8) {
      return scalar("the CPU's vectors hold " + lanes + " floats: expected 8 or more, as of AVX2");
    }
    return new Choice(KernelMode.VECTOR, lanes + " float lanes, compiled by C2");
  }

  private static Choice scalar(final String reason) {
    return new Choice(KernelMode.SCALAR, reason);
  }

  private static final class Detected {
    static final Choice CHOICE = detected();

    private static Choice detected() {
      final boolean module = ModuleLayer.boot().findModule(MODULE).isPresent();
      final Choice choice =
          choose(
              module,
              System.getProperty("java.vm.name", "an unnamed JVM"),
              System.getProperty("java.vm.info", ""),
              module ? Lanes.PREFERRED : 0);
      if (choice.mode() == KernelMode.SCALAR) {
        System.getLogger(KernelModes.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "Scalar kernels run, many times slower than vector kernels: {0}",
                choice.reason());
      }
      return choice;
    }
  }
}
