/** Compiling a plan, and how much memory it takes. */
package dev.gradus.bench.memory;
