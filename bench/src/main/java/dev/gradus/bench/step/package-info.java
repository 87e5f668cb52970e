/** Whole training steps. */
package dev.gradus.bench.step;
