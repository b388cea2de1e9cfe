package dev.posthaste.contract;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The public half of an ed25519 secret, {@code whpk_…} as text: whoever has it can check signatures
 * and make none. Immutable; any thread may use it.
 */
public final class VerificationKey {
  private static final String PUBLIC = "whpk_";
  private static final String SECRET = "whsk_";
  private static final String ALGORITHM = "Ed25519";
  private static final int BYTES = 32;

  /** RFC 8410: what stands before the key in its X.509 form. */
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PublicKey key;

  private VerificationKey(PublicKey key) {
    this.key = key;
  }

  /** Whether a text says of itself that it is such a key. */
  public static boolean isText(String text) {
    return text.startsWith(PUBLIC);
  }

  /** The public key of a signing secret, as text; empty if the secret is no ed25519 one. */
  public static Optional<String> of(String secret) {
    return secret.startsWith(SECRET)
        ? Optional.of(PUBLIC + Base64.getEncoder().encodeToString(publicHalf(secret)))
        : Optional.empty();
  }

  /**
   * Whether the two halves of a secret {@code whsk_…} belong together: receivers could not verify
   * otherwise.
   *
   * @throws IllegalArgumentException if it is no base64 of 64 bytes
   */
  public static boolean isPair(String secret) {
    byte[] text = SECRET.getBytes(StandardCharsets.US_ASCII);
    byte[] none = new byte[0];
    byte[] signature = SigningKey.Ed25519.of(decoded(secret, SECRET)).sign(text, none);
    return parse(of(secret).orElseThrow()).verifies(text, none, signature);
  }

  /**
   * Reads {@code whpk_…}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static VerificationKey parse(String text) {
    byte[] bytes = decoded(text, PUBLIC);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a public key holds 32 bytes");
    }
    byte[] encoded = Arrays.copyOf(X509_HEAD, X509_HEAD.length + BYTES);
    System.arraycopy(bytes, 0, encoded, X509_HEAD.length, BYTES);
    try {
      return new VerificationKey(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a public key of ed25519", e);
    }
  }

  /** Whether the signature is that of its secret over the two pieces, one after the other. */
  boolean verifies(byte[] head, byte[] body, byte[] signature) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(head);
      check.update(body);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      // What is no signature at all is refused by an exception.
      return false;
    }
  }

  private static byte[] publicHalf(String secret) {
    return Arrays.copyOfRange(decoded(secret, SECRET), BYTES, 2 * BYTES);
  }

  private static byte[] decoded(String text, String prefix) {
    try {
      return Base64.getDecoder().decode(text.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      // Not as the cause: its message quotes a character of the key.
      throw new IllegalArgumentException("a key is base64 after its prefix");
    }
  }
}
