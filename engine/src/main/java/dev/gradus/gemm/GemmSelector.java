package dev.gradus.gemm;

import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Chooses who computes matrix products.
 *
 * <ul>
 *   <li>{@code auto} is {@code java} where SIMD runs: the same bits at any number of threads, no
 *       native code, and at the sizes of a training step faster than OpenBLAS or even with it
 *       (figures in {@code ARCHITECTURE.md}). Where the kernels are scalar, another backend that is
 *       there and works is many times faster, and is taken.
 *   <li>What is chosen passes a self-test of a few milliseconds first. What {@code auto} tried in
 *       vain is logged, and the next is taken; a backend asked for by name that can't be had is an
 *       error.
 * </ul>
 */
public final class GemmSelector {
  /** The name that leaves the choice to this class. */
  public static final String AUTO = "auto";

  private static final System.Logger LOG = System.getLogger(GemmSelector.class.getName());

  private GemmSelector() {}

  /**
   * A backend ready for use.
   *
   * @param mode the form of its Java kernels: that asked for, or SCALAR where the vector form
   *     failed its self-test.
   * @param reason why this one, in words.
   */
  public record Choice(GemmProvider provider, KernelMode mode, String reason) {}

  /**
   * Chooses; call it once at start-up.
   *
   * @param name {@code auto} or the name of a backend.
   * @throws GradusException for a name nobody has, or a backend asked for by name that does not
   *     work here.
   */
  public static Choice select(final String name, final KernelMode mode) {
    return select(name, mode, providers());
  }

  /** The names {@link #select} takes here, {@code auto} first. */
  public static List<String> names() {
    return names(providers());
  }

  static Choice select(
      final String name, final KernelMode mode, final List<GemmProvider> providers) {
    if (name.equals(AUTO)) {
      return automatic(mode, providers);
    }
    for (final GemmProvider provider : providers) {
      if (provider.name().equals(name)) {
        final String failure = failure(provider, mode);
        if (failure != null) {
          throw new GradusException(
              "backend " + name + " does not work here: expected=usable, actual=" + failure);
        }
        return new Choice(provider, mode, "asked for; " + provider.load().detail());
      }
    }
    throw Names.unknown("backend", name, names(providers));
  }

  private static Choice automatic(final KernelMode mode, final List<GemmProvider> providers) {
    final GemmProvider java = providers.get(0);
    if (mode == KernelMode.VECTOR) {
      final String failure = failure(java, mode);
      if (failure == null) {
        return new Choice(java, mode, "the default with SIMD; " + java.load().detail());
      }
      LOG.log(System.Logger.Level.WARNING, "no SIMD matrix products: {0}", failure);
    }
    for (final GemmProvider provider : providers.subList(1, providers.size())) {
      final String failure = failure(provider, mode);
      if (failure == null) {
        return new Choice(provider, mode, "faster than scalar Java; " + provider.load().detail());
      }
      LOG.log(System.Logger.Level.INFO, "backend {0} passed over: {1}", provider.name(), failure);
    }
    final String failure = failure(java, KernelMode.SCALAR);
    if (failure != null) {
      throw new GradusException("no backend works here: expected=usable, actual=" + failure);
    }
    return new Choice(java, KernelMode.SCALAR, "without SIMD; " + java.load().detail());
  }

  /** Why the provider can't be used, or null; what it throws is such a reason too. */
  private static String failure(final GemmProvider provider, final KernelMode mode) {
    try {
      final GemmProvider.Availability availability = provider.load();
      return availability.usable() ? GemmSelfTest.failure(provider, mode) : availability.detail();
    } catch (final RuntimeException | LinkageError e) {
      return e.toString();
    }
  }

  /**
   * The built-in backend, then those found; one that can't be instantiated is logged and left out.
   */
  private static List<GemmProvider> providers() {
    final List<GemmProvider> providers = new ArrayList<>();
    providers.add(new JavaGemm());
    final Iterator<GemmProvider> found =
        ServiceLoader.load(GemmProvider.class, GemmSelector.class.getClassLoader()).iterator();
    for (; ; ) {
      try {
        if (!found.hasNext()) {
          return providers;
        }
        providers.add(found.next());
      } catch (final ServiceConfigurationError e) {
        LOG.log(System.Logger.Level.WARNING, "a backend can't be instantiated", e);
      }
    }
  }

  private static List<String> names(final List<GemmProvider> providers) {
    final List<String> names = new ArrayList<>();
    names.add(AUTO);
    for (final GemmProvider provider : providers) {
      names.add(provider.name());
    }
    return names;
  }
}
