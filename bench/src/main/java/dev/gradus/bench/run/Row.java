package dev.gradus.bench.run;

/**
 * One line of a report: work that Gradus and its peers do alike.
 *
 * @param name unique within a report.
 * @param suite it belongs to.
 * @param contender Gradus.
 * @param threads that take part.
 * @param target what it is to reach.
 */
public record Row(String name, String suite, Contender contender, int threads, Target target) {}
