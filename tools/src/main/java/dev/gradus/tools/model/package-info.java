/**
 * What a model of the command line is: the text a user writes, and the card kept in its file. May
 * use {@code tools.data}.
 */
package dev.gradus.tools.model;
