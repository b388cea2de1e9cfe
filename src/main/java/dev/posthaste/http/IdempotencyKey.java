package dev.posthaste.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/**
 * The header {@code Idempotency-Key}: the client's name for a request, so that a repeat of it is
 * recognised. A string of structured fields (RFC 8941), as the draft of the header asks for, or the
 * bare text, as most clients send it.
 */
public final class IdempotencyKey {
  /** Characters of the name, without its quotes. */
  public static final int MAX_LENGTH = 255;

  /** Its name. */
  public static final CharSequence HEADER = HttpHeaders.createOptimized("Idempotency-Key");

  private IdempotencyKey() {}

  /**
   * The name, if the request has one.
   *
   * @throws ProblemException 400 if it has a bad one
   */
  public static Optional<String> of(MultiMap headers) {
    String value = headers.get(HEADER);
    return value == null ? Optional.empty() : Optional.of(name(value.strip()));
  }

  private static String name(String value) {
    String name = value.startsWith("\"") ? unquoted(value) : value;
    boolean isPlain = name.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (name.isEmpty() || name.length() > MAX_LENGTH || !isPlain) {
      throw bad();
    }
    return name;
  }

  private static String unquoted(String value) {
    StringBuilder name = new StringBuilder(value.length());
    int last = value.length() - 1;
    for (int i = 1; i < last; i++) {
      char c = value.charAt(i);
      if (c == '"') {
        throw bad();
      }
      if (c == '\\') {
        i++;
        c = value.charAt(i);
        if (i == last || (c != '"' && c != '\\')) {
          throw bad();
        }
      }
      name.append(c);
    }
    if (last == 0 || value.charAt(last) != '"') {
      throw bad();
    }
    return name.toString();
  }

  private static ProblemException bad() {
    return new ProblemException(
        Problem.badRequest(
            "Idempotency-Key must have 1 to "
                + MAX_LENGTH
                + " printable ASCII characters, bare or in double quotes."));
  }
}
