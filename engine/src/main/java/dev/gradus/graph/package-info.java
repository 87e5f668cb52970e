/**
 * The append-only graph of values a model is defined as. Every op is one immutable record in {@code
 * dev.gradus.graph.op}, with its shape rule, its gradient expressed as ops, and its binding to
 * kernels. May use {@code gemm}, {@code kernel}, {@code parallel} and {@code memory}.
 */
package dev.gradus.graph;
