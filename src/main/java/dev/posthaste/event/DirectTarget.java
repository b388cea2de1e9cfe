package dev.posthaste.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The destination that an event brings itself, as it stands among the targets of the event: by an
 * id that is negative, as no endpoint's is, and follows from tenant and URL. So everything that
 * knows deliveries by event and endpoint knows these, and all of a tenant to one URL share a lane.
 *
 * <p>Two URLs with one id are as good as impossible, and would share no more than the lane: where a
 * delivery goes is always read from its event.
 */
public final class DirectTarget {
  private DirectTarget() {}

  /** Whether the id of a target means such a destination. */
  public static boolean is(long endpointId) {
    return endpointId < 0;
  }

  /** The id of a URL of a tenant: 63 bits of a SHA-256, and the sign. */
  public static long id(long tenantId, String url) {
    byte[] text = url.getBytes(StandardCharsets.UTF_8);
    byte[] hashed =
        ByteBuffer.allocate(Long.BYTES + text.length).putLong(tenantId).put(text).array();
    long id = ByteBuffer.wrap(sha256(hashed)).getLong() | Long.MIN_VALUE;
    // Looks begin after the lowest number there is.
    return id == Long.MIN_VALUE ? -1 : id;
  }

  /** The target of a delivery for logs: the id of an endpoint, or one that begins with "direct". */
  public static String name(long endpointId) {
    return is(endpointId)
        ? "direct_" + Long.toHexString(endpointId)
        : PublicId.ENDPOINT.format(endpointId);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
