/** Loops over memory: activations, softmax, sums, optimizer updates. */
package dev.gradus.bench.kernel;
