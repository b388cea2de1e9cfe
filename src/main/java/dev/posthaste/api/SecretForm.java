package dev.posthaste.api;

import dev.posthaste.contract.VerificationKey;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
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

  private static String generateHmac() {
    byte[] bytes = new byte[GENERATED_BYTES];
    RANDOM.nextBytes(bytes);
    return HMAC + Base64.getEncoder().encodeToString(bytes);
  }

  /** A new secret for the algorithm. */
  static String generate(SigningAlgorithm algorithm) {
    return switch (algorithm) {
      case HMAC_SHA256 -> generateHmac();
      case ED25519 -> generateEd25519();
    };
  }

  /** Seed and public key, which stand at the end of their encodings. */
  private static String generateEd25519() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] seed = last(pair.getPrivate().getEncoded());
      byte[] open = last(pair.getPublic().getEncoded());
      byte[] both = Arrays.copyOf(seed, ED25519_BYTES);
      System.arraycopy(open, 0, both, seed.length, open.length);
      return ED25519 + Base64.getEncoder().encodeToString(both);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java since 15 has Ed25519", e);
    }
  }

  private static byte[] last(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES / 2, encoded.length);
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
      return pairFault(text);
    }
    return Optional.of("must begin with whsec_ (HMAC) or whsk_ (ed25519)");
  }

  private static Optional<String> pairFault(String text) {
    if (decodedLength(text.substring(ED25519.length())) != ED25519_BYTES) {
      return Optional.of("must have base64 of 64 bytes after whsk_: seed and public key");
    }
    return VerificationKey.isPair(text)
        ? Optional.empty()
        : Optional.of("must have, after the seed, the public key that belongs to it");
  }

  private static int decodedLength(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }
}
