/**
 * Optimizers. Each is one file: its settings, what it keeps for each parameter, and its fused
 * kernel. May use {@code graph} and what lies right of it.
 */
package dev.gradus.optim;
