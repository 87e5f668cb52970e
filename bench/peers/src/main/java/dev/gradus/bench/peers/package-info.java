/**
 * Gradus side by side with other engines. Every contender does the same work: the same shapes,
 * loss, optimizer, first weights and batch, and each result is held against one reference in double
 * precision before anything is timed.
 */
package dev.gradus.bench.peers;
