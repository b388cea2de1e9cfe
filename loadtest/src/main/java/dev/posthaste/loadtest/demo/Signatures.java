package dev.posthaste.loadtest.demo;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What receivers of the three systems check, written from their documents. */
final class Signatures {
  private static final long TOLERANCE_SECONDS = 300;

  private Signatures() {}

  /** Whether the message is what its contract promises; secret is empty for unsigned ones. */
  static boolean hold(Customer customer, MultiMap headers, byte[] body, String secret) {
    return switch (customer) {
      case CASEDEV -> casedev(headers, body, secret);
      case AGENTPOST -> agentpost(headers, body, secret);
      case OFFLOAD ->
          headers.names().stream()
              .noneMatch(name -> name.contains("webhook") || name.startsWith("x-"));
    };
  }

  private static boolean casedev(MultiMap headers, byte[] body, String secret) {
    String id = headers.get("case-webhook-id");
    String timestamp = headers.get("case-webhook-timestamp");
    String signature = headers.get("case-webhook-signature");
    if (id == null || signature == null || !isFresh(timestamp)) {
      return false;
    }
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    byte[] mac = hmac(key, id + "." + timestamp + ".", body);
    return Arrays.asList(signature.split(" ", -1))
        .contains("v1," + Base64.getEncoder().encodeToString(mac));
  }

  private static boolean agentpost(MultiMap headers, byte[] body, String secret) {
    String timestamp = headers.get("x-agentpost-timestamp");
    String signature = headers.get("x-agentpost-signature");
    if (signature == null || !isFresh(timestamp)) {
      return false;
    }
    byte[] mac = hmac(secret.getBytes(StandardCharsets.UTF_8), timestamp + ".", body);
    return signature.equals(HexFormat.of().formatHex(mac));
  }

  private static boolean isFresh(String timestamp) {
    return timestamp != null
        && timestamp.matches("\\d{10}")
        && Math.abs(Long.parseLong(timestamp) - System.currentTimeMillis() / 1_000)
            <= TOLERANCE_SECONDS;
  }

  private static byte[] hmac(byte[] key, String head, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(head.getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
