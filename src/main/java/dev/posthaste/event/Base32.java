package dev.posthaste.event;

import java.util.Arrays;

/** Crockford's base32 of 128 bits: 26 characters, the first of which holds 3 bits. */
final class Base32 {
  static final int LENGTH = 26;

  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < DIGITS.length; i++) {
      VALUES[DIGITS[i]] = (byte) i;
      VALUES[Character.toLowerCase(DIGITS[i])] = (byte) i;
    }
  }

  private Base32() {}

  static String encode128(long high, long low) {
    char[] out = new char[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      out[i] = DIGITS[(int) low & 31];
      low = low >>> 5 | high << 59;
      high >>>= 5;
    }
    return new String(out);
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
