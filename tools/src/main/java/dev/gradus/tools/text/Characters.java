package dev.gradus.tools.text;

import dev.gradus.memory.GradusException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A text as indices into the sorted characters that occur in it. */
public final class Characters {
  private final char[] alphabet;
  private final int[] indices;

  private Characters(final char[] alphabet, final int[] indices) {
    this.alphabet = alphabet;
    this.indices = indices;
  }

  /**
   * Reads a file of UTF-8.
   *
   * @throws GradusException where it can't be read or has fewer than two different characters.
   */
  public static Characters read(final Path file) {
    try {
      return of(Files.readString(file));
    } catch (final CharacterCodingException e) {
      throw new GradusException(file + ": expected=text in UTF-8, actual=other bytes", e);
    } catch (final IOException e) {
      throw new GradusException("can't read " + file + ": " + e, e);
    }
  }

  /** The characters of a text. */
  public static Characters of(final String text) {
    final char[] alphabet = sortedCharacters(text);
    if (alphabet.length < 2) {
      throw GradusException.outOfRange("different characters", "2 or more", alphabet.length);
    }
    final int[] indices = new int[text.length()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = Arrays.binarySearch(alphabet, text.charAt(i));
    }
    return new Characters(alphabet, indices);
  }

  private static char[] sortedCharacters(final String text) {
    final StringBuilder distinct = new StringBuilder();
    text.chars().distinct().sorted().forEach(character -> distinct.append((char) character));
    return distinct.toString().toCharArray();
  }

  /** The number of different characters. */
  public int size() {
    return alphabet.length;
  }

  /** The number of characters in the text. */
  public int length() {
    return indices.length;
  }

  /** The index of the character at a position. */
  public int at(final int position) {
    return indices[position];
  }

  /** The character of an index. */
  public char character(final int index) {
    return alphabet[index];
  }
}
