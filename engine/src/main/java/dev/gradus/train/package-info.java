/** The training loop, and the scoring of a trained network. May use {@code plan}, {@code data}. */
package dev.gradus.train;
