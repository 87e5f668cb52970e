/**
 * The ops, one record each: shape rule, gradient as ops, choice of kernels, cost. What only fusion
 * makes (see {@code dev.gradus.plan}) has no gradient.
 */
package dev.gradus.graph.op;
