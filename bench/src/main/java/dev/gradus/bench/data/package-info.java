/** Readers of files, and batches drawn from a data set. */
package dev.gradus.bench.data;
