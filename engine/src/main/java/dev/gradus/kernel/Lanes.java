package dev.gradus.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The only vector species: the widest that the CPU prefers. A second one through the same code
 * would box.
 */
public final class Lanes {
  /** float32 lanes. */
  public static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  private Lanes() {}
}
