/**
 * Off-heap memory: shapes, tensors, slabs that are opened and closed, and the planner that lays
 * values with known lifetimes into one block.
 *
 * <p>Uses nothing but the JDK.
 */
package dev.gradus.memory;
