package dev.gradus.graph;

import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;

/**
 * One tensor in a graph. Identity is what counts: two values are equal where they are the same
 * object.
 */
public final class Value {
  /** Where a value comes from. */
  public enum Role {
    /** Written by the caller before each run. */
    INPUT,
    /** A tensor that plans share, learned or a layer's buffer, kept from run to run. */
    PARAMETER,
    /** What an optimizer or a layer keeps from run to run. */
    STATE,
    /** One float, the same in every run. */
    CONSTANT,
    /** An op's output. */
    COMPUTED
  }

  private final int id;
  private final String name;
  private final TensorType type;
  private final Role role;
  private final float constant;

  Value(
      final int id,
      final String name,
      final TensorType type,
      final Role role,
      final float constant) {
    this.id = id;
    this.name = name;
    this.type = type;
    this.role = role;
    this.constant = constant;
  }

  /** Position among the graph's values, in order of definition. */
  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  public TensorType type() {
    return type;
  }

  public Shape shape() {
    return type.shape();
  }

  public Role role() {
    return role;
  }

  /** The number a {@link Role#CONSTANT} stands for. */
  public float constant() {
    return constant;
  }

  @Override
  public String toString() {
    return name + ":" + type;
  }
}
