/**
 * A fixed team of threads over static ranges. Uses {@code memory} for its errors; the only room
 * with threads.
 */
package dev.gradus.parallel;
