/** Reports: a table, JSON, a page with plots. */
package dev.gradus.bench.report;
