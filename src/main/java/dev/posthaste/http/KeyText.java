package dev.posthaste.http;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code phk_}, 160 random bits in base62, and a checksum. The fixed form
 * lets scanners for leaked credentials find keys and lets programs refuse mistyped ones.
 */
public final class KeyText {
  private static final String PREFIX = "phk_";
  private static final int RANDOM_BITS = 160;
  private static final int RANDOM_LENGTH = 27;
  private static final int CHECKSUM_LENGTH = 6;
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

  private KeyText() {}

  /** A new key. */
  public static String generate(SecureRandom random) {
    String body = base62(new BigInteger(RANDOM_BITS, random), RANDOM_LENGTH);
    return PREFIX + body + checksum(body);
  }

  /** Whether a text was made by {@link #generate}, as far as its form tells. */
  public static boolean isWellFormed(String text) {
    if (!text.startsWith(PREFIX)
        || text.length() != PREFIX.length() + RANDOM_LENGTH + CHECKSUM_LENGTH
        || !text.chars().skip(PREFIX.length()).allMatch(c -> DIGITS.indexOf(c) >= 0)) {
      return false;
    }
    int end = PREFIX.length() + RANDOM_LENGTH;
    return text.substring(end).equals(checksum(text.substring(PREFIX.length(), end)));
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    return base62(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
  }

  private static String base62(BigInteger number, int length) {
    char[] out = new char[length];
    for (int i = length - 1; i >= 0; i--) {
      BigInteger[] parts = number.divideAndRemainder(BASE);
      out[i] = DIGITS.charAt(parts[1].intValue());
      number = parts[0];
    }
    return new String(out);
  }
}
