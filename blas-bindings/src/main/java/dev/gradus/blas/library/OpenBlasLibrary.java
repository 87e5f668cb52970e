package dev.gradus.blas.library;

import dev.gradus.memory.GradusException;
import java.lang.foreign.SymbolLookup;

/** The one OpenBLAS of this process, loaded at the first call. */
public final class OpenBlasLibrary {
  private OpenBlasLibrary() {}

  /** Loads once, in a class of its own; a failure is kept, for every later call to tell. */
  private static final class Attempt {
    static final NativeLibrary LIBRARY;
    static final RuntimeException FAILURE;

    static {
      NativeLibrary library = null;
      RuntimeException failure = null;
      try {
        library =
            new LibraryLoader(
                    System.getProperties(),
                    System.getenv(),
                    OpenBlasLibrary.class.getClassLoader(),
                    LibraryLoader.SYSTEM_NAME)
                .load();
      } catch (final GradusException e) {
        failure = e;
      } catch (final IllegalCallerException e) {
        failure =
            new GradusException(
                "native access: expected=--enable-native-access=dev.gradus.blas (ALL-UNNAMED on the"
                    + " class path), actual="
                    + e.getMessage(),
                e);
      }
      LIBRARY = library;
      FAILURE = failure;
    }

    private Attempt() {}
  }

  /**
   * The library.
   *
   * @throws GradusException with the reason where it can't be had.
   */
  public static NativeLibrary get() {
    if (Attempt.FAILURE != null) {
      throw new GradusException(Attempt.FAILURE.getMessage(), Attempt.FAILURE);
    }
    return Attempt.LIBRARY;
  }

  /** Its functions. */
  public static SymbolLookup symbols() {
    return get().symbols();
  }
}
