package dev.posthaste.contract;

import dev.posthaste.event.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One way to sign a message: what is signed, with which keys, and in which headers it stands.
 *
 * @param prefix stands before each signature
 * @param allSecrets during a rotation every valid secret signs, separated by a space; otherwise
 *     only the current one does
 * @param id what the id header shows
 */
public record SignatureScheme(
    Signed signed,
    KeyForm keyForm,
    Encoding encoding,
    String prefix,
    boolean allSecrets,
    IdKind id,
    Names names) {

  private static final String HMAC_SECRET = "whsec_";
  private static final String ED25519_SECRET = "whsk_";

  /** Standard Webhooks 1.0, "Signature scheme". */
  private static final int LEAST_KEY_BYTES = 24;

  private static final int MOST_KEY_BYTES = 64;

  private static final String V1 = "v1,";
  private static final String V1A = "v1a,";

  /** Standard Webhooks 1.0, under its own header names. */
  static final SignatureScheme STANDARD =
      new SignatureScheme(
          Signed.ID_TIMESTAMP_BODY,
          KeyForm.BASE64,
          Encoding.BASE64,
          V1,
          true,
          IdKind.EVENT,
          new Names(
              Optional.of("webhook-id"), Optional.of("webhook-timestamp"), "webhook-signature"));

  /**
   * Parses a secret.
   *
   * @throws IllegalArgumentException if the scheme cannot sign with it; the message never holds the
   *     secret
   */
  SigningKey keyOf(String secret) {
    if (keyForm == KeyForm.TEXT) {
      require(secret.startsWith(HMAC_SECRET), "a secret of this contract begins with whsec_");
      return SigningKey.Hmac.of(secret.getBytes(StandardCharsets.UTF_8));
    }
    if (secret.startsWith(ED25519_SECRET) && prefix.equals(V1)) {
      return SigningKey.Ed25519.of(decoded(secret.substring(ED25519_SECRET.length())));
    }
    require(secret.startsWith(HMAC_SECRET), "a secret begins with whsec_ or, for v1, whsk_");
    byte[] bytes = decoded(secret.substring(HMAC_SECRET.length()));
    require(bytes.length > 0, "a secret holds at least one byte");
    return SigningKey.Hmac.of(bytes);
  }

  /**
   * Refuses secrets that are too easy to guess or that receivers' libraries refuse. Only new ones
   * are asked: a secret that is in use goes on signing.
   *
   * @throws IllegalArgumentException as {@link #keyOf} does, or if the key is too short or too long
   */
  void checkNew(String secret) {
    if (keyOf(secret) instanceof SigningKey.Hmac hmac) {
      int bytes = hmac.key().getEncoded().length;
      require(
          bytes >= LEAST_KEY_BYTES && (keyForm == KeyForm.TEXT || bytes <= MOST_KEY_BYTES),
          "a secret holds 24 to 64 random bytes");
    }
  }

  /** The bytes that are signed, up to the body. */
  byte[] head(String messageId, String timestamp) {
    String text =
        switch (signed) {
          case ID_TIMESTAMP_BODY -> messageId + "." + timestamp + ".";
          case TIMESTAMP_BODY -> timestamp + ".";
          case BODY -> "";
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One signature as it stands in the header. */
  String signature(SigningKey key, byte[] head, byte[] body) {
    byte[] bytes = key.sign(head, body);
    String text =
        switch (encoding) {
          case BASE64 -> Base64.getEncoder().encodeToString(bytes);
          case HEX -> HexFormat.of().formatHex(bytes);
        };
    return (key instanceof SigningKey.Ed25519 ? V1A : prefix) + text;
  }

  /** Whether one of several signatures, with spaces between, is that of the key. */
  boolean accepts(VerificationKey key, byte[] head, Payload body, String signatures) {
    return Stream.of(signatures.split(" "))
        .filter(signature -> keyForm == KeyForm.BASE64 && signature.startsWith(V1A))
        .anyMatch(
            signature ->
                bytes(signature.substring(V1A.length()))
                    .filter(bytes -> key.verifies(head, body.bytes(), bytes))
                    .isPresent());
  }

  private static Optional<byte[]> bytes(String base64) {
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Not as the cause: its message quotes a character of the secret.
      throw new IllegalArgumentException("a secret is base64 after its prefix");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** What is signed. */
  public enum Signed {
    /** {@code id.timestamp.body}. */
    ID_TIMESTAMP_BODY,
    /** {@code timestamp.body}. */
    TIMESTAMP_BODY,
    BODY
  }

  /** How key bytes come out of a secret. */
  public enum KeyForm {
    /** The base64 after the prefix, decoded; {@code whsk_…} signs with ed25519. */
    BASE64,
    /** The secret as it is, prefix included. */
    TEXT
  }

  /** How signature bytes are written. */
  public enum Encoding {
    BASE64,
    /** Lower case. */
    HEX
  }

  /** What the id header shows. */
  public enum IdKind {
    EVENT,
    /** The same on every attempt of a delivery. */
    DELIVERY
  }

  /** Header names, lower case. */
  public record Names(Optional<String> id, Optional<String> timestamp, String signature) {
    List<String> all() {
      return Stream.of(id.stream(), timestamp.stream(), Stream.of(signature))
          .flatMap(names -> names)
          .toList();
    }
  }
}
