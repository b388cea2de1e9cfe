package dev.posthaste.scenario;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What receivers compute themselves, by the documents of the systems alone. */
final class Hmac {
  private Hmac() {}

  /** Base64, by the bytes whose base64 stands after {@code whsec_}. */
  static String ofDecodedSecret(String secret, String signed) {
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    return Base64.getEncoder().encodeToString(sha256(key, signed));
  }

  /** Lower-case hex, by the secret as it is written. */
  static String ofSecretAsText(String secret, String signed) {
    return HexFormat.of().formatHex(sha256(secret.getBytes(StandardCharsets.UTF_8), signed));
  }

  private static byte[] sha256(byte[] key, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
