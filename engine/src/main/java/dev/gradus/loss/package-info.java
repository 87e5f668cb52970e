/** Losses: each says what target it wants and composes itself from ops. May use {@code graph}. */
package dev.gradus.loss;
