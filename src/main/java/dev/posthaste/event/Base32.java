package dev.posthaste.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Crockford's base32 of 128 bits: 26 characters, the first of which holds 3 bits. */
final class Base32 {
  static final int LENGTH = 26;

  private static final byte[] DIGITS =
      "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < DIGITS.length; i++) {
      VALUES[DIGITS[i]] = (byte) i;
      VALUES[Character.toLowerCase((char) DIGITS[i])] = (byte) i;
    }
  }

  private Base32() {}

  /**
   * The digits behind a prefix.
   *
   * @param prefix in ASCII
   */
  static String encode128(String prefix, long high, long low) {
    byte[] out = new byte[prefix.length() + LENGTH];
    for (int i = 0; i < prefix.length(); i++) {
      out[i] = (byte) prefix.charAt(i);
    }
    for (int i = out.length - 1; i >= prefix.length(); i--) {
      out[i] = DIGITS[(int) low & 31];
      low = low >>> 5 | high << 59;
      high >>>= 5;
    }
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  /** High and low half, or null if the text is not 26 digits of 128 bits. */
  static long[] decode128(String text) {
    if (text.length() != LENGTH || text.charAt(0) > '7') {
      return null;
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      byte value = c < 128 ? VALUES[c] : -1;
      if (value < 0) {
        return null;
      }
      high = high << 5 | low >>> 59;
      low = low << 5 | value;
    }
    return new long[] {high, low};
  }
}
