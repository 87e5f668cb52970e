/**
 * From files to data sets: IDX and CSV readers, class names, scaling, and the division into
 * training, validation and test parts. May use the engine's {@code data} and {@code memory}.
 */
package dev.gradus.tools.data;
