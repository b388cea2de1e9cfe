package dev.posthaste.loadtest.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Looks into the head of a message without making objects of what nobody asked for. */
public final class Head {
  private Head() {}

  /** A header name as {@link #startsWith} and {@link #value} compare it. */
  public static byte[] name(String name) {
    return (name.toLowerCase(Locale.ROOT) + ":").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The path of a request that begins at start, query included. */
  public static String path(byte[] bytes, int start, int end) {
    int from = indexOf(bytes, (byte) ' ', start, end) + 1;
    int to = indexOf(bytes, (byte) ' ', from, end);
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** The status of an answer that begins at start: HTTP/1.1 202 … */
  public static int status(byte[] bytes, int start) {
    return Digits.read(bytes, start + 9, start + 12);
  }

  /** The value of the first header of that name. */
  public static Optional<String> value(byte[] bytes, int start, int end, byte[] name) {
    int line = start;
    while (line < end) {
      int eol = indexOf(bytes, (byte) '\n', line, end);
      if (eol < 0) {
        break;
      }
      if (startsWith(bytes, line, eol, name)) {
        int from = line + name.length;
        return Optional.of(
            new String(bytes, from, eol - from, StandardCharsets.ISO_8859_1).strip());
      }
      line = eol + 1;
    }
    return Optional.empty();
  }

  static boolean startsWith(byte[] bytes, int from, int to, byte[] name) {
    if (to - from < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      byte b = bytes[from + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the byte stands, or -1. */
  public static int indexOf(byte[] bytes, byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Where the sequence begins, or -1. */
  public static int indexOf(byte[] bytes, byte[] wanted, int from, int to) {
    for (int i = from; i <= to - wanted.length; i++) {
      int matched = 0;
      while (matched < wanted.length && bytes[i + matched] == wanted[matched]) {
        matched++;
      }
      if (matched == wanted.length) {
        return i;
      }
    }
    return -1;
  }
}
