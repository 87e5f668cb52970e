/** The commands: options in, one line for each error out. */
package dev.gradus.tools.command;
