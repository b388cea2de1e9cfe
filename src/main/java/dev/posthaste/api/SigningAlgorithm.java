package dev.posthaste.api;

/** How an endpoint's deliveries are signed, as the API names it. */
enum SigningAlgorithm {
  /** The receiver holds the same secret. */
  HMAC_SHA256("hmac-sha256", "whsec_"),
  /** The receiver needs the public key only. */
  ED25519("ed25519", "whsk_");

  private final String code;
  private final String prefix;

  SigningAlgorithm(String code, String prefix) {
    this.code = code;
    this.prefix = prefix;
  }

  String code() {
    return code;
  }

  /** What its secrets begin with. */
  String prefix() {
    return prefix;
  }

  static SigningAlgorithm of(String code) {
    return code.equals(ED25519.code) ? ED25519 : HMAC_SHA256;
  }

  /** That of a well-formed secret. */
  static SigningAlgorithm ofSecret(String text) {
    return text.startsWith(ED25519.prefix) ? ED25519 : HMAC_SHA256;
  }
}
