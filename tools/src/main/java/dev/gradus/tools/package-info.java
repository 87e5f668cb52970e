/** The program: {@code tools/gradus} starts it. */
package dev.gradus.tools;
