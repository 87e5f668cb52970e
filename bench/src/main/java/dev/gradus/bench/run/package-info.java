/** Which benchmarks make a report, how each is measured in fresh JVMs, and what was measured. */
package dev.gradus.bench.run;
