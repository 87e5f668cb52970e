/** What a benchmark does in one operation: models to train and predict with, and how much work. */
package dev.gradus.bench.work;
