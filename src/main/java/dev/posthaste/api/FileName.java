package dev.posthaste.api;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a file as {@code Content-Disposition} carries it (RFC 6266). */
final class FileName {
  static final int MAX_LENGTH = 255;

  private static final Pattern PLAIN =
      Pattern.compile(
          "(?:^|;)\\s*filename\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s;\"]+))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EXTENDED =
      Pattern.compile(
          "(?:^|;)\\s*filename\\*\\s*=\\s*utf-8'[^']*'([^\\s;]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern NOT_ASCII = Pattern.compile("[^ -~]|[\"\\\\%]");
  private static final Pattern FOLDERS = Pattern.compile("^.*[/\\\\]", Pattern.DOTALL);

  private FileName() {}

  /** The name in a header; the one that can be of any language is preferred. */
  static Optional<String> of(String header) {
    Matcher extended = EXTENDED.matcher(header);
    if (extended.find()) {
      return decoded(extended.group(1));
    }
    Matcher plain = PLAIN.matcher(header);
    if (!plain.find()) {
      return Optional.empty();
    }
    return Optional.of(
        plain.group(1) == null ? plain.group(2) : plain.group(1).replaceAll("\\\\(.)", "$1"));
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The name without the folders that some clients send along. */
  static String last(String name) {
    return FOLDERS.matcher(name).replaceFirst("").strip();
  }

  /** What is wrong with a name, in words that can follow it; empty if nothing is. */
  static Optional<String> fault(String name) {
    boolean isText =
        name.codePoints()
                .noneMatch(
                    c ->
                        Character.isISOControl(c)
                            || (c <= Character.MAX_VALUE && Character.isSurrogate((char) c)))
            && !name.equals(".")
            && !name.equals("..");
    return !name.isEmpty() && name.length() <= MAX_LENGTH && isText
        ? Optional.empty()
        : Optional.of("must have 1 to " + MAX_LENGTH + " characters and no control characters");
  }

  /** The header that lets a browser save under the name, and show nothing. */
  static String attachment(String name) {
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s"
        .formatted(NOT_ASCII.matcher(name).replaceAll("_"), encoded.replace("*", "%2A"));
  }
}
