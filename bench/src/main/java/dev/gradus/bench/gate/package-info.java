/** The regression gate: exact checks, and ratios of one run against a baseline's. */
package dev.gradus.bench.gate;
