package dev.gradus.blas.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a header of plain functions, enums and numeric macros declares. */
final class CHeader {
  private static final Pattern PROTOTYPE =
      Pattern.compile("(?<type>\\w+(?: ?\\*)?) ?(?<name>\\w+) ?\\((?<parameters>[^()]*)\\) ?;");
  private static final Pattern ENUM_CONSTANT = Pattern.compile("\\b(\\w+) ?= ?(\\d+)");
  private static final Pattern MACRO = Pattern.compile("(?m)^\\s*#\\s*define\\s+(\\w+)\\s+(\\d+)");

  /** A function: C types without {@code const}, {@code enum} and names. */
  record Prototype(String name, String returnType, List<String> parameterTypes) {}

  private final Map<String, Prototype> functions = new LinkedHashMap<>();
  private final Map<String, Integer> constants = new LinkedHashMap<>();

  CHeader(final String text) {
    final Matcher macros = MACRO.matcher(text);
    while (macros.find()) {
      constants.put(macros.group(1), Integer.valueOf(macros.group(2)));
    }
    final String code =
        text.replaceAll("(?s)/\\*.*?\\*/", " ")
            .replaceAll("(?m)^\\s*#.*$", " ")
            .replaceAll("\\b(?:OPENBLAS_CONST|const|enum)\\b", " ")
            .replaceAll("\\s+", " ")
            .replaceAll(" ?\\* ?", "* ");
    final Matcher enums = ENUM_CONSTANT.matcher(code);
    while (enums.find()) {
      constants.put(enums.group(1), Integer.valueOf(enums.group(2)));
    }
    final Matcher prototypes = PROTOTYPE.matcher(code);
    while (prototypes.find()) {
      final List<String> types = new ArrayList<>();
      final String parameters = prototypes.group("parameters").strip();
      if (!parameters.equals("void")) {
        for (final String parameter : parameters.split(",", -1)) {
          types.add(type(parameter));
        }
      }
      final String name = prototypes.group("name");
      functions.put(
          name, new Prototype(name, prototypes.group("type").replace(" ", ""), List.copyOf(types)));
    }
  }

  /** {@code float* A} is {@code float*}; {@code blasint n} is {@code blasint}. */
  private static String type(final String parameter) {
    return parameter.strip().replaceAll(" ?\\w+$", "").replace(" ", "");
  }

  Map<String, Prototype> functions() {
    return functions;
  }

  Map<String, Integer> constants() {
    return constants;
  }
}
