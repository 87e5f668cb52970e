/**
 * What a training run leaves behind: its history, the report, the picture, and how files are
 * written.
 */
package dev.gradus.tools.report;
