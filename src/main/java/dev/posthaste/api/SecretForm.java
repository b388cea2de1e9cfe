package dev.posthaste.api;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Signing secrets as text. */
final class SecretForm {
  private static final String HMAC = "whsec_";
  private static final String ED25519 = "whsk_";
  private static final int GENERATED_BYTES = 32;
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;
  private static final int ED25519_BYTES = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SecretForm() {}

  /** A new secret for HMAC. */
  static String generate() {
    byte[] bytes = new byte[GENERATED_BYTES];
    RANDOM.nextBytes(bytes);
    return HMAC + Base64.getEncoder().encodeToString(bytes);
  }

  /** What is wrong with a secret that a client brings; never quotes it. */
  static Optional<String> fault(String text) {
    if (text.startsWith(HMAC)) {
      int length = decodedLength(text.substring(HMAC.length()));
      return length >= MIN_BYTES && length <= MAX_BYTES
          ? Optional.empty()
          : Optional.of("must have base64 of 24 to 64 bytes after whsec_");
    }
    if (text.startsWith(ED25519)) {
      return decodedLength(text.substring(ED25519.length())) == ED25519_BYTES
          ? Optional.empty()
          : Optional.of("must have base64 of 64 bytes after whsk_: seed and public key");
    }
    return Optional.of("must begin with whsec_ (HMAC) or whsk_ (ed25519)");
  }

  private static int decodedLength(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }
}
