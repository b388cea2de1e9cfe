package dev.posthaste.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.posthaste.event.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/**
 * Reads the value by which an event keeps its order. Equal texts are equal values, so the string
 * "7" and the number 7 share an order; that is slower than need be at worst, never disordered.
 */
final class OrderValue {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String POSTED = "data";

  /** Longer ones are hashed: they stand in an index. */
  private static final int MAX_LENGTH = 200;

  private OrderValue() {}

  /**
   * The text of the value at a pointer; see {@link dev.posthaste.event.Ordering#keyPointer()}.
   *
   * @return empty if there is none, or null
   */
  static String of(Payload data, String pointer) {
    try (JsonParser parser = JSON.createParser(data.bytes())) {
      parser.nextToken();
      return descend(parser, steps(pointer).iterator()) ? bounded(text(parser, data)) : "";
    } catch (IOException e) {
      // It was read as JSON before. Whatever is wrong now, its place is with those without a value.
      return "";
    }
  }

  private static List<String> steps(String pointer) {
    if (pointer.isEmpty()) {
      return List.of();
    }
    List<String> steps =
        Arrays.stream(pointer.substring(1).split("/", -1))
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList();
    return steps.getFirst().equals(POSTED) ? steps.subList(1, steps.size()) : steps;
  }

  private static boolean descend(JsonParser parser, Iterator<String> steps) throws IOException {
    while (steps.hasNext()) {
      String step = steps.next();
      boolean found =
          switch (parser.currentToken()) {
            case START_OBJECT -> member(parser, step);
            case START_ARRAY -> element(parser, step);
            default -> false;
          };
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private static boolean member(JsonParser parser, String name) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean isIt = parser.currentName().equals(name);
      parser.nextToken();
      if (isIt) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static boolean element(JsonParser parser, String index) throws IOException {
    int left = index.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(index) : -1;
    while (left >= 0 && parser.nextToken() != JsonToken.END_ARRAY) {
      if (left == 0) {
        return true;
      }
      parser.skipChildren();
      left--;
    }
    return false;
  }

  private static String text(JsonParser parser, Payload data) throws IOException {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      int to = (int) parser.currentLocation().getByteOffset();
      return new String(data.bytes(), from, to - from, StandardCharsets.UTF_8);
    }
    return token == JsonToken.VALUE_NULL ? "" : parser.getText();
  }

  /** PostgreSQL's text holds every character but NUL. */
  private static String bounded(String text) {
    if (text.length() <= MAX_LENGTH && text.indexOf('\0') < 0) {
      return text;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
