/** Batches drawn from a data set. */
package dev.gradus.bench.data;
