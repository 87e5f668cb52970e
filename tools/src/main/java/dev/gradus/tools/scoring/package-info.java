/** Saved models at work on files: predictions, and scores of them. */
package dev.gradus.tools.scoring;
