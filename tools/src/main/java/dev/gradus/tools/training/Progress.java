package dev.gradus.tools.training;

import dev.gradus.tools.report.History;

/** Shows how a run goes on. */
interface Progress extends AutoCloseable {
  /** After each step, with its rows and its loss. */
  void step(int rows, float loss);

  /** After each epoch, counted from 1. */
  void epoch(int epoch, History.Epoch scores);

  /** Ends the display. */
  @Override
  void close();
}
