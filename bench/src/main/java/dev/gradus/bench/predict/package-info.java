/** Predictions. */
package dev.gradus.bench.predict;
