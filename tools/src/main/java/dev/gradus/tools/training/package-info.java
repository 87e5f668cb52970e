/**
 * A training run of the command line: from options to a model file. May use all rooms of the
 * engine, {@code tools.data}, {@code tools.model}, {@code tools.report}.
 */
package dev.gradus.tools.training;
