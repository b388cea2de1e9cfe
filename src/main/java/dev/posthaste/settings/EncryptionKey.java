package dev.posthaste.settings;

import java.util.Base64;
import java.util.regex.Pattern;

/** A named key of 32 bytes (AES-256). Immutable; the text form is {@code id:base64}. */
public final class EncryptionKey {
  private static final int LENGTH = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
  private static final String FORM =
      "must be id:base64 of 32 bytes, the id up to 32 letters, digits, - and _";

  private final String id;
  private final byte[] bytes;

  /**
   * A key from its parts.
   *
   * @throws IllegalArgumentException if the id or the length is not allowed; never says the key
   */
  public EncryptionKey(String id, byte[] bytes) {
    if (!ID.matcher(id).matches() || bytes.length != LENGTH) {
      throw new IllegalArgumentException(FORM);
    }
    this.id = id;
    this.bytes = bytes.clone();
  }

  /**
   * Reads {@code id:base64}.
   *
   * @throws IllegalArgumentException if it is not that; the message says what is allowed, never the
   *     text
   */
  public static EncryptionKey parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(FORM);
    }
    return new EncryptionKey(text.substring(0, colon), decode(text.substring(colon + 1)));
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Not as the cause: the decoder's message quotes the text.
      return new byte[0];
    }
  }

  /** Names the key in what it encrypted. */
  public String id() {
    return id;
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The secret text form, for a key file. */
  public String text() {
    return id + ":" + Base64.getEncoder().encodeToString(bytes);
  }

  /** Masked but for the id. */
  @Override
  public String toString() {
    return id + ":" + Secret.MASK;
  }
}
