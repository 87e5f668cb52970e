/** The command {@code bench}. */
package dev.gradus.bench.command;
