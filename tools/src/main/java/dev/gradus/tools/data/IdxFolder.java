package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * IDX files under the names MNIST gave them: {@code train-images-idx3-ubyte} with {@code
 * train-labels-idx1-ubyte}, {@code t10k-...} likewise; {@code .idx3} for {@code -idx3} is taken
 * too, and {@code .gz} behind either.
 */
final class IdxFolder {
  private static final String[] SEPARATORS = {"-", "."};
  private static final String[] SUFFIXES = {"", ".gz"};
  private static final int MAX_IMAGE_RANK = 4;
  private static final String[] CLASS_NUMBERS = new String[256];

  static {
    for (int i = 0; i < CLASS_NUMBERS.length; i++) {
      CLASS_NUMBERS[i] = Integer.toString(i);
    }
  }

  private IdxFolder() {}

  /** The pair of that part, {@code train} or {@code t10k}; null where its images are not there. */
  static Samples part(final Path folder, final String part) {
    final Path images = find(folder, part + "-images", "idx3");
    if (images == null) {
      return null;
    }
    final Path labels = find(folder, part + "-labels", "idx1");
    if (labels == null) {
      throw GradusException.mismatch(
          folder.toString(),
          part + "-labels-idx1-ubyte[.gz] beside " + images.getFileName(),
          "no such file");
    }
    return read(images, labels);
  }

  private static Path find(final Path folder, final String name, final String kind) {
    for (final String separator : SEPARATORS) {
      for (final String suffix : SUFFIXES) {
        final Path file = folder.resolve(name + separator + kind + "-ubyte" + suffix);
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    return null;
  }

  /** A file of images, with the file of labels that its name leads to where there is one. */
  static Samples file(final Path images) {
    final String name = images.getFileName().toString();
    final String stem = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    final String other = stem.replace("images", "labels").replace("idx3", "idx1");
    if (!other.equals(stem)) {
      for (final String suffix : SUFFIXES) {
        final Path labels = images.resolveSibling(other + suffix);
        if (Files.exists(labels)) {
          return read(images, labels);
        }
      }
    }
    return read(images, null);
  }

  /** Images of one channel unless a dimension tells of more; what has no height stays a vector. */
  private static Shape row(final int[] dims) {
    return switch (dims.length) {
      case 2 -> Shape.batched(dims[1]);
      case 3 -> Shape.batched(1, dims[1], dims[2]);
      default -> Shape.batched(dims[1], dims[2], dims[3]);
    };
  }

  private static Samples read(final Path images, final Path labels) {
    final IdxFile pixels = IdxFile.read(images, 2, MAX_IMAGE_RANK);
    final Features features =
        new Features.Pixels(pixels.values(), pixels.items(), row(pixels.dims()));
    if (labels == null) {
      return new Samples(images.toString(), features, List.of(), true, "", -1);
    }
    final IdxFile numbers = IdxFile.read(labels, 1, 1);
    if (numbers.items() != pixels.items()) {
      throw GradusException.mismatch(
          "labels in " + labels, pixels.items() + ", one for each image", numbers.items());
    }
    final List<String> targets = new ArrayList<>(numbers.items());
    for (final byte number : numbers.values()) {
      targets.add(CLASS_NUMBERS[number & 0xff]);
    }
    return new Samples(images.toString(), features, targets, true, "", -1);
  }
}
