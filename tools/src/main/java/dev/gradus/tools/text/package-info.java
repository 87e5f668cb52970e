/** Models of text, character by character. */
package dev.gradus.tools.text;
