package dev.gradus.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of augmentations by name, and their text. */
public final class Augmentations {
  private static final String MIXUP = "mixup";

  /** One kind: what its number is, the usual one where it may be left out, how it is made. */
  private record Kind(String argument, Double usual, Make make) {}

  private interface Make {
    ImageTransform of(double argument);
  }

  private static final Map<String, Kind> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put("shift", new Kind("pixels", null, pixels -> new Shift(whole("shift", pixels))));
    TABLE.put("rotate", new Kind("degrees", null, Rotate::new));
    TABLE.put("scale", new Kind("share", null, Scale::new));
    TABLE.put("flip", new Kind("probability", 0.5, share -> new Flip(share, false)));
    TABLE.put("vertical_flip", new Kind("probability", 0.5, share -> new Flip(share, true)));
    TABLE.put("noise", new Kind("deviation", null, Noise::new));
    TABLE.put("cutout", new Kind("size", null, size -> new Cutout(whole("cutout", size))));
    TABLE.put(MIXUP, new Kind("alpha", 0.2, null));
  }

  private Augmentations() {}

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The augmentation a text describes, in its order, with spaces between: {@code "shift(2)
   * rotate(10) flip mixup(0.2)"}; mixup comes last.
   *
   * @throws GradusException where a name is unknown or an argument doesn't fit.
   */
  public static Augmentation parse(final String text) {
    final List<ImageTransform> transforms = new ArrayList<>();
    double mixup = 0;
    for (final String part : text.strip().split("\\s+(?![^(]*\\))", -1)) {
      final int open = part.indexOf('(');
      final boolean hasArgument = open >= 0 && part.endsWith(")");
      final String name = hasArgument ? part.substring(0, open) : part;
      final Kind kind = TABLE.get(name);
      if (kind == null) {
        throw Names.unknown("augmentation", name, TABLE.keySet());
      }
      if (mixup > 0) {
        throw GradusException.mismatch("augmentation behind mixup", "none", part);
      }
      final double number =
          number(name, kind, hasArgument ? part.substring(open + 1, part.length() - 1) : "");
      if (name.equals(MIXUP)) {
        mixup = Augmentation.of().withMixup(number).mixup();
      } else {
        transforms.add(kind.make.of(number));
      }
    }
    return new Augmentation(transforms, mixup);
  }

  private static double number(final String name, final Kind kind, final String argument) {
    if (argument.isBlank() && kind.usual != null) {
      return kind.usual;
    }
    try {
      return Double.parseDouble(argument.strip());
    } catch (final NumberFormatException e) {
      throw new GradusException(
          "argument of "
              + name
              + " mismatch: expected="
              + kind.argument
              + ", a number, actual=\""
              + argument
              + '"',
          e);
    }
  }

  private static int whole(final String name, final double number) {
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw GradusException.mismatch("argument of " + name, "a whole number", number);
    }
    return (int) number;
  }
}
