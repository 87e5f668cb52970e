package dev.gradus.tools.model;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Model files, with every failure as one line. */
public final class Models {
  private Models() {}

  /**
   * Writes a model, whole or not at all.
   *
   * @throws GradusException where the file can't be written.
   */
  public static void write(
      final Path file, final Network network, final Parameters parameters, final ModelCard card) {
    try {
      ModelFile.write(file, network, parameters, card.toMetadata());
    } catch (final IOException e) {
      throw new GradusException("cannot write " + file + ": " + reason(e), e);
    }
  }

  /**
   * Reads a model.
   *
   * @throws GradusException where the file can't be read or is not a model.
   */
  public static ModelFile read(final Engine engine, final Path file) {
    try {
      return ModelFile.read(engine, file);
    } catch (final IOException e) {
      throw new GradusException("cannot read " + file + ": " + reason(e), e);
    }
  }

  private static String reason(final IOException e) {
    return e instanceof NoSuchFileException
        ? "expected=a model file, actual=no such file"
        : e.getMessage();
  }
}
