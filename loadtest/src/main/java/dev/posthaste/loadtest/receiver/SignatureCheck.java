package dev.posthaste.loadtest.receiver;

import dev.posthaste.loadtest.wire.Head;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Standard Webhooks 1.0, read from its specification and not from the sender's code. One secret for
 * all paths. Not thread-safe.
 */
public final class SignatureCheck {
  private static final byte[] ID = Head.name("webhook-id");
  private static final byte[] TIMESTAMP = Head.name("webhook-timestamp");
  private static final byte[] SIGNATURE = Head.name("webhook-signature");
  private static final String PREFIX = "whsec_";

  private final Mac mac;

  public SignatureCheck(String secret) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean holds(byte[] bytes, int start, int bodyStart, int end) {
    Optional<String> id = Head.value(bytes, start, bodyStart, ID);
    Optional<String> timestamp = Head.value(bytes, start, bodyStart, TIMESTAMP);
    Optional<String> signature = Head.value(bytes, start, bodyStart, SIGNATURE);
    if (id.isEmpty() || timestamp.isEmpty() || signature.isEmpty()) {
      return false;
    }
    mac.update((id.get() + "." + timestamp.get() + ".").getBytes(StandardCharsets.UTF_8));
    mac.update(bytes, bodyStart, end - bodyStart);
    return isAmong(signature.get());
  }

  /** Whether one of the signatures in a header is that of the message. */
  public boolean holds(String id, String timestamp, String signatures, byte[] body) {
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    mac.update(body);
    return isAmong(signatures);
  }

  private boolean isAmong(String signatures) {
    String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
    return List.of(signatures.split(" ")).contains(expected);
  }
}
