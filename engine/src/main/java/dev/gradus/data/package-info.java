/**
 * Data off the heap, splits, and batches handed over without allocation. May use {@code kernel},
 * {@code memory}.
 */
package dev.gradus.data;
