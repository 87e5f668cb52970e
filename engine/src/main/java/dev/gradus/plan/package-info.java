/**
 * The compiler from a network to a plan, and the plans. The passes, in order, one class each:
 * {@code Differentiate}, {@code Fuse}, {@code Prune}, {@code Schedule}, {@code PlaceMemory}, {@code
 * Bind}. May use {@code nn}, {@code loss}, {@code optim} and what lies right of them.
 */
package dev.gradus.plan;
