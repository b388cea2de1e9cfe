package dev.posthaste.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Links to files that need no key and end by themselves: id and end are signed by the installation,
 * so every node accepts what another one has made. Immutable; for any event loop.
 */
public final class DownloadLinks {
  /** What the keys are made for; another text would make other keys. */
  public static final String PURPOSE = "posthaste attachment link 1";

  private static final String ALGORITHM = "HmacSHA256";

  private final List<SecretKeySpec> keys;
  private final Duration ttl;
  private final Clock clock;

  /**
   * @param keys the first signs, all are accepted
   * @param ttl how long a link is good
   */
  public DownloadLinks(List<byte[]> keys, Duration ttl, Clock clock) {
    this.keys = keys.stream().map(key -> new SecretKeySpec(key, ALGORITHM)).toList();
    this.ttl = ttl;
    this.clock = clock;
  }

  /** A link to the file that begins now. */
  Link to(long attachmentId) {
    // Whole seconds stand in the link: it is good for at least as long as it says.
    Instant end = Instant.ofEpochSecond(clock.instant().plus(ttl).getEpochSecond());
    return new Link(end, signature(keys.getFirst(), attachmentId, end.getEpochSecond()));
  }

  /** Whether a link is one of ours and has not ended. Takes the same time wherever it is wrong. */
  boolean accepts(long attachmentId, long endSeconds, String signature) {
    byte[] given = signature.getBytes(StandardCharsets.UTF_8);
    boolean ours = false;
    for (SecretKeySpec key : keys) {
      byte[] expected = signature(key, attachmentId, endSeconds).getBytes(StandardCharsets.UTF_8);
      ours |= MessageDigest.isEqual(expected, given);
    }
    return ours && clock.instant().getEpochSecond() < endSeconds;
  }

  private static String signature(SecretKeySpec key, long id, long endSeconds) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] text = (id + "." + endSeconds).getBytes(StandardCharsets.US_ASCII);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** When it ends, and what proves it. */
  record Link(Instant end, String signature) {}
}
