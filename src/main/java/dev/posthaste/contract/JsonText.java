package dev.posthaste.contract;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** JSON values as UTF-8 bytes. */
final class JsonText {
  private static final byte[] NULL = ascii("null");

  private JsonText() {}

  /** The text as a JSON string with its quotes. Half a surrogate pair becomes a question mark. */
  static byte[] quoted(String text) {
    byte[] out = new byte[text.length() + 2];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return escaped(text);
      }
      out[i + 1] = (byte) c;
    }
    out[0] = '"';
    out[out.length - 1] = '"';
    return out;
  }

  static byte[] nullValue() {
    return NULL;
  }

  static byte[] number(long value) {
    return ascii(Long.toString(value));
  }

  private static byte[] escaped(String text) {
    // The encoder throws at half a surrogate pair; the round trip replaces it.
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    byte[] content = JsonStringEncoder.getInstance().quoteAsUTF8(whole);
    byte[] out = new byte[content.length + 2];
    System.arraycopy(content, 0, out, 1, content.length);
    out[0] = '"';
    out[out.length - 1] = '"';
    return out;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
